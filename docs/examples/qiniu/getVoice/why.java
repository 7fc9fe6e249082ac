package generated_program;

import com.pulumi.Context;
import com.pulumi.Pulumi;
import com.pulumi.core.Output;
import io.github.voiceclone.voiceclone.qiniu.Voice;
import io.github.voiceclone.voiceclone.qiniu.VoiceArgs;
import io.github.voiceclone.voiceclone.qiniu.QiniuFunctions;
import io.github.voiceclone.voiceclone.qiniu.inputs.GetVoiceArgs;
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
        var guide = new Voice("guide", VoiceArgs.builder()
            .audioUrl("https://samples.example.com/guide.mp3")
            .build());

        final var now = QiniuFunctions.getVoice(GetVoiceArgs.builder()
            .voiceId(guide.voiceId())
            .build());

        ctx.export("lastError", now.applyValue(_now -> _now.lastError()));
    }
}
