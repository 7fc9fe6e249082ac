#!/bin/sh
# Does what README.md tells a newcomer, in a copy of this checkout, with an empty home; prints the minutes that it took.
# newcomer.sh [PAGE]: README.md or README.zh-CN.md.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd -P)
page=${1:-README.md}
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
mkdir "$place/home" "$place/voiceclone"
(cd "$root" && git ls-files -z --cached --others --exclude-standard | tar -c --null -T - -f -) | tar -x -C "$place/voiceclone"
if [ -d "$root/.cache/pulumi" ]; then
  mkdir "$place/voiceclone/.cache"
  ln -s "$root/.cache/pulumi" "$place/voiceclone/.cache/pulumi"
fi
python3 "$root/tests/docs/pages.py" "$root/$page" > "$place/script"

# Where packages come from is this machine's to say; nothing else of this shell is seen.
kept=$(env | sed -n 's/^\(\(PIP_\|npm_config_\|GO\|SSL_\|NODE_EXTRA_\|REQUESTS_CA_\|PULUMI_TARBALL\)[A-Za-z_]*\)=.*/\1/p;s/^\([A-Za-z]*_[pP][rR][oO][xX][yY]\)=.*/\1/p')
# Pulumi would take its home from the system's list of users, whatever HOME says.
set -- "HOME=$place/home" "PULUMI_HOME=$place/home/.pulumi" "PATH=$PATH" "LANG=C.UTF-8"
for name in $kept; do
  set -- "$@" "$name=$(printenv "$name")"
done
begin=$(date +%s)
(cd "$place/voiceclone" && env -i "$@" bash "$place/script")
seconds=$(($(date +%s) - begin))
echo "$page: a newcomer needs $((seconds / 60)) min $((seconds % 60)) s."
