import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLogger } from "@berth/api";
import { createFakeClock } from "@berth/testing";
import test from "ava";
import { kubeletConfiguration } from "../config/kubelet-configuration.ts";
import { createFakeRuntime } from "../runtime/fake.ts";
import { createImageKeeper } from "./image-keeper.ts";
import { type PulledImage, planImages } from "./plan-images.ts";

const image = (reference: string, changes: Partial<PulledImage> = {}): PulledImage => ({
	reference,
	id: reference,
	size: 100,
	pulledAt: 0,
	lastUsedAt: 0,
	...changes,
});
const OPTIONS = { used: new Set<string>(), wanted: 0, now: 1_000, minimumAge: 100, maximumAge: 0 };

test("as many images go as are needed, those unused for longest first", (t) => {
	const images = [
		image("new", { lastUsedAt: 500 }),
		image("old"),
		image("used", { id: "u" }),
		image("young", { pulledAt: 950 }),
	];
	const plan = (wanted: number) => planImages({ ...OPTIONS, images, used: new Set(["u"]), wanted });
	t.deepEqual(plan(0), []);
	t.deepEqual(plan(1), ["old"]);
	t.deepEqual(plan(101), ["old", "new"]);
	t.deepEqual(plan(1_000), ["old", "new"]);
});

test("an image too long unused goes without need; one with two names is counted once", (t) => {
	const images = [image("a"), image("b", { lastUsedAt: 900 }), image("b:2", { id: "b", lastUsedAt: 900 })];
	t.deepEqual(planImages({ ...OPTIONS, images, maximumAge: 500 }), ["a"]);
	t.deepEqual(planImages({ ...OPTIONS, images, wanted: 200 }), ["a", "b"]);
	t.deepEqual(planImages({ ...OPTIONS, images, wanted: 201 }), ["a", "b", "b:2"]);
});

test("only what the agent pulled is ever removed, also by the next agent", async (t) => {
	const dataDir = await mkdtemp(join(tmpdir(), "berth-images-"));
	const clock = createFakeClock();
	const runtime = createFakeRuntime({ clock, images: ["own:1"], registry: ["pulled:1", "used:1"] });
	const disk = { capacity: 1_000, available: 100 };
	const keeper = () =>
		createImageKeeper({
			runtime,
			containers: () => [{ imageId: usedId }],
			disk: async () => disk,
			configuration: kubeletConfiguration(),
			dataDir,
			clock,
			log: silentLogger,
		});
	let usedId = "";
	const first = keeper();
	await first.images.pull("pulled:1", undefined);
	await first.images.pull("used:1", undefined);
	usedId = (await runtime.image("used:1"))?.id ?? "";
	t.not(usedId, "");
	await clock.advance(60_000);
	await first.reclaim();
	t.truthy(await runtime.image("pulled:1"), "too young");
	await clock.advance(120_000);
	await keeper().reclaim();
	t.is(await runtime.image("pulled:1"), undefined);
	t.truthy(await runtime.image("used:1"));
	t.truthy(await runtime.image("own:1"));
	t.deepEqual(Object.keys(JSON.parse(await readFile(join(dataDir, "pulled-images.json"), "utf8"))), [
		"used:1",
	]);
	await rm(dataDir, { recursive: true });
});
