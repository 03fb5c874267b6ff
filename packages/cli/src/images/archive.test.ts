import test from "ava";
import { imageConfig } from "./archive.ts";

test("an image's configuration is a function of its recipe and layers", (t) => {
	const recipe = { reference: "berth/hello:1", layers: ["/x"], command: ["hello"], ports: [8080] };
	const config = imageConfig(recipe, ["aa", "bb"]) as Record<string, Record<string, unknown>>;
	t.deepEqual(config.rootfs, { type: "layers", diff_ids: ["sha256:aa", "sha256:bb"] });
	t.deepEqual(config.config?.ExposedPorts, { "8080/tcp": {} });
	t.deepEqual(config.config?.Cmd, ["hello"]);
	t.deepEqual(imageConfig(recipe, ["aa", "bb"]), config);
});
