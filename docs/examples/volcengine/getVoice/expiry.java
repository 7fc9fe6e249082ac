package generated_program;

import com.pulumi.Context;
import com.pulumi.Pulumi;
import com.pulumi.core.Output;
import io.github.voiceclone.voiceclone.volcengine.Voice;
import io.github.voiceclone.voiceclone.volcengine.VoiceArgs;
import io.github.voiceclone.voiceclone.volcengine.VolcengineFunctions;
import io.github.voiceclone.voiceclone.volcengine.inputs.GetVoiceArgs;
import com.pulumi.asset.FileAsset;
import java.util.List;
import java.util.ArrayList;
import java.util.Map;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Paths;

public class App {
    public static void main(String[] args) {
        Pulumi.run(App::stack);
    }

    public static void stack(Context ctx) {
        var narrator = new Voice("narrator", VoiceArgs.builder()
            .audio(new FileAsset("./narrator.wav"))
            .language("zh")
            .build());

        final var now = VolcengineFunctions.getVoice(GetVoiceArgs.builder()
            .voiceId(narrator.voiceId())
            .build());

        ctx.export("expiresAt", now.applyValue(_now -> _now.expiresAt()));
    }
}
