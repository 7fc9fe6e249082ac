package generated_program;

import com.pulumi.Context;
import com.pulumi.Pulumi;
import com.pulumi.core.Output;
import io.github.voiceclone.voiceclone.kling.KlingFunctions;
import io.github.voiceclone.voiceclone.kling.inputs.GetPresetVoicesArgs;
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
        final var presets = KlingFunctions.getPresetVoices(GetPresetVoicesArgs.builder()
            .name("阳光少年")
            .build());

        ctx.export("previewUrl", presets.applyValue(_presets -> _presets.voices().get(0).previewUrl()));
    }
}
