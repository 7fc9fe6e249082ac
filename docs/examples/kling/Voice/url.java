package generated_program;

import com.pulumi.Context;
import com.pulumi.Pulumi;
import com.pulumi.core.Output;
import io.github.voiceclone.voiceclone.kling.Voice;
import io.github.voiceclone.voiceclone.kling.VoiceArgs;
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
        var announcer = new Voice("announcer", VoiceArgs.builder()
            .name("announcer")
            .audioUrl("https://samples.example.com/announcer.mp3")
            .build());

        ctx.export("announcerVoiceId", announcer.voiceId());
    }
}
