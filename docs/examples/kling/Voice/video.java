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
        var actor = new Voice("actor", VoiceArgs.builder()
            .name("actor")
            .videoId("840134426335252561")
            .callbackUrl("https://hooks.example.com/voices")
            .build());

        ctx.export("actorVoiceId", actor.voiceId());
    }
}
