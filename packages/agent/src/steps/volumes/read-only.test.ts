import test from "ava";
import { canBeRecursive, isRecursive } from "./read-only.ts";

const mount = (recursiveReadOnly?: "Disabled" | "IfPossible" | "Enabled") => ({
	name: "v",
	mountPath: "/v",
	readOnly: true,
	recursiveReadOnly,
});
const now = { version: "28.2.2", kernelVersion: "6.1.0-13-amd64" };

test("mounts below a read-only one: as it says, where that can be done", (t) => {
	t.true(canBeRecursive(now));
	t.false(isRecursive(mount(), now));
	t.false(isRecursive(mount("Disabled"), now));
	t.true(isRecursive(mount("IfPossible"), now));
	t.true(isRecursive(mount("Enabled"), now));
	for (const old of [
		{ ...now, version: "20.10.24+dfsg1" },
		{ ...now, kernelVersion: "5.10.0" },
	]) {
		t.false(canBeRecursive(old));
		t.false(isRecursive(mount("IfPossible"), old));
		t.throws(() => isRecursive(mount("Enabled"), old), { message: /Docker 25 and Linux 5\.12/ });
	}
});
