package generated_program;

import com.pulumi.Context;
import com.pulumi.Pulumi;
import com.pulumi.core.Output;
import io.github.voiceclone.voiceclone.volcengine.Voice;
import io.github.voiceclone.voiceclone.volcengine.VoiceArgs;
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
            .speakerId("S_Nf3x9K2p1")
            .audio(new FileAsset("./narrator.wav"))
            .language("zh")
            .build());

        ctx.export("narratorVoiceId", narrator.voiceId());
        ctx.export("trainingsLeft", narrator.availableTrainings());
    }
}
