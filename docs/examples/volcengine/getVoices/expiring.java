package generated_program;

import com.pulumi.Context;
import com.pulumi.Pulumi;
import com.pulumi.core.Output;
import io.github.voiceclone.voiceclone.volcengine.VolcengineFunctions;
import io.github.voiceclone.voiceclone.volcengine.inputs.GetVoicesArgs;
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
        final var expiring = VolcengineFunctions.getVoices(GetVoicesArgs.builder()
            .expiresBefore("2030-01-31T00:00:00Z")
            .build());

        ctx.export("firstExpiresAt", expiring.applyValue(_expiring -> _expiring.voices().get(0).expiresAt()));
    }
}
