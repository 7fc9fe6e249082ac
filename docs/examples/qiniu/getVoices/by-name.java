package generated_program;

import com.pulumi.Context;
import com.pulumi.Pulumi;
import com.pulumi.core.Output;
import io.github.voiceclone.voiceclone.qiniu.QiniuFunctions;
import io.github.voiceclone.voiceclone.qiniu.inputs.GetVoicesArgs;
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
        final var named = QiniuFunctions.getVoices(GetVoicesArgs.builder()
            .name("guide")
            .status("Ready")
            .build());

        ctx.export("previewUrl", named.applyValue(_named -> _named.voices().get(0).previewUrl()));
    }
}
