package generated_program;

import com.pulumi.Context;
import com.pulumi.Pulumi;
import com.pulumi.core.Output;
import io.github.voiceclone.voiceclone.coze.Voice;
import io.github.voiceclone.voiceclone.coze.VoiceArgs;
import io.github.voiceclone.voiceclone.coze.CozeFunctions;
import io.github.voiceclone.voiceclone.coze.inputs.GetVoiceArgs;
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
        var host = new Voice("host", VoiceArgs.builder()
            .audio(new FileAsset("./host.mp3"))
            .language("en")
            .build());

        final var now = CozeFunctions.getVoice(GetVoiceArgs.builder()
            .voiceId(host.voiceId())
            .build());

        ctx.export("previewUrl", now.applyValue(_now -> _now.previewUrl()));
    }
}
