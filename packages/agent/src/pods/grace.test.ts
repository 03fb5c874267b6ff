import type { Pod } from "@berth/api";
import test from "ava";
import { podOf } from "./decide.world.ts";
import { graceOf } from "./grace.ts";

const probe = { terminationGracePeriodSeconds: 3 };
const pod = podOf({
	terminationGracePeriodSeconds: 20,
	containers: [{ name: "a", image: "app:1", livenessProbe: probe }, { name: "b" }],
});
const deletedWith = (deletionGracePeriodSeconds: number): Pod => ({
	...pod,
	metadata: { ...pod.metadata, deletionTimestamp: "2026-01-01T00:00:00Z", deletionGracePeriodSeconds },
});

test("a probe's own time, the pod's, the deletion's", (t) => {
	t.is(graceOf(pod, { name: "a", why: "liveness", elapsed: 0 }), 3_000);
	t.is(graceOf(pod, { name: "b", why: "liveness", elapsed: 0 }), 20_000);
	t.is(graceOf(pod, { name: "a", why: "imageChanged", elapsed: 0 }), 20_000);
	t.is(graceOf(deletedWith(5), { name: "a", why: "podDeleted", elapsed: 0 }), 5_000);
	t.is(graceOf(deletedWith(0), { name: "a", why: "podDeleted", elapsed: 0 }), 1_000);
});

test("those that go last share what is left", (t) => {
	t.is(graceOf(deletedWith(30), { name: "a", why: "podDeleted", elapsed: 10_000 }), 20_000);
	t.is(graceOf(deletedWith(30), { name: "a", why: "podDeleted", elapsed: 40_000 }), 2_000);
	t.is(graceOf(pod, { name: "a", why: "podFinished", elapsed: 40_000 }), 2_000);
});
