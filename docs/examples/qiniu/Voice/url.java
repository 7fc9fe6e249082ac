package generated_program;

import com.pulumi.Context;
import com.pulumi.Pulumi;
import com.pulumi.core.Output;
import io.github.voiceclone.voiceclone.qiniu.Voice;
import io.github.voiceclone.voiceclone.qiniu.VoiceArgs;
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
            .name("guide")
            .audioUrl("https://samples.example.com/guide.mp3")
            .language("zh")
            .build());

        ctx.export("guideVoiceId", guide.voiceId());
    }
}
