import test from "ava";
import { podOf } from "./decide.world.ts";
import { fieldPathOf } from "./field-path.ts";

test("each sort of container is named where the pod names it", (t) => {
	const pod = podOf({ initContainers: [{ name: "i" }], ephemeralContainers: [{ name: "e" }] });
	t.deepEqual(
		["a", "i", "e", "x"].map((name) => fieldPathOf(pod, name)),
		["spec.containers{a}", "spec.initContainers{i}", "spec.ephemeralContainers{e}", undefined],
	);
});
