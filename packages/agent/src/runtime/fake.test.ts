import { systemClock } from "@berth/api";
import test from "ava";
import { createFakeRuntime } from "./fake.ts";
import { testRuntime } from "./runtime.conformance.ts";

testRuntime(test, {
	create: async () => createFakeRuntime({ clock: systemClock, images: ["tools:1"] }),
	image: "tools:1",
});

test("a crash of the engine ends containers and listeners", async (t) => {
	const runtime = createFakeRuntime({ clock: systemClock, images: ["tools:1"] });
	const events = await runtime.events({}, AbortSignal.timeout(5_000));
	runtime.crash();
	for await (const event of events) t.fail(event.type);
	t.pass();
});
