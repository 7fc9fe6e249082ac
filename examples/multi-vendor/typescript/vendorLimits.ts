// What the vendors refuse, known before any of them is asked.

export const VENDORS = ["volcengine", "coze", "qiniu", "kling"] as const;
export type Vendor = (typeof VENDORS)[number];

// The name's limit and what is counted. Volcengine's voices have no name.
const NAMES = [
    ["coze", 128, "bytes (UTF-8)", (name: string) => Buffer.byteLength(name)],
    ["qiniu", 20, "characters", (name: string) => [...name].length],
    ["kling", 20, "characters", (name: string) => [...name].length],
] as const;

// Without a paid tier (Qiniu), and with the default model (Volcengine's API V1). Kling is told no language.
const LANGUAGES: readonly [Vendor, readonly string[]][] = [
    ["volcengine", ["zh", "en", "ja", "es", "id", "pt"]],
    ["coze", ["zh", "en", "ja", "es", "id", "pt"]],
    ["qiniu", ["zh", "en"]],
];

/**
 * What is wrong, a sentence each; empty if nothing is.
 *
 * The name must suit every vendor, chosen or not: to change it when a vendor is added later would cost a training at
 * Coze and the voice at Kling. The language must suit the chosen ones. The vendors may come from a configuration, so
 * they are checked as well.
 */
export function refusals(voiceName: string, language: string, vendors: readonly string[]): string[] {
    const found: string[] = [];
    const all = VENDORS.join(", ");
    if (vendors.length === 0) {
        found.push(`no vendor is chosen; there are ${all}`);
    }
    for (const vendor of vendors) {
        if (!VENDORS.some(known => known === vendor)) {
            found.push(`there is no vendor '${vendor}'; there are ${all}`);
        }
    }
    if (voiceName === "") {
        found.push(`the voice's name is empty, which ${NAMES.map(([vendor]) => vendor).join(", ")} refuse`);
    }
    for (const [vendor, limit, unit, count] of NAMES) {
        const size = count(voiceName);
        if (size > limit) {
            found.push(`${vendor} refuses the name '${voiceName}': ${size} ${unit}, at most ${limit} are allowed`);
        }
    }
    for (const [vendor, languages] of LANGUAGES) {
        if (vendors.includes(vendor) && !languages.includes(language)) {
            found.push(`${vendor} refuses the language '${language}'; it takes ${languages.join(", ")}`);
        }
    }
    return found;
}
