import { createFakeClock } from "@berth/testing";
import test from "ava";
import { createEngineHealth } from "./engine-health.ts";

test("an engine that answers pings only is not healthy after three minutes, until it tells of a container", async (t) => {
	const clock = createFakeClock();
	const health = createEngineHealth(clock);
	t.is(health.obstacle(), undefined);
	await clock.advance(600_000);
	t.is(health.obstacle(), undefined, "nobody asked");
	health.operated("list_containers", 120, true);
	t.is(health.obstacle(), undefined);
	health.operated("status", 0.1, false);
	await clock.advance(60_000);
	health.operated("container_status", 10, true);
	t.regex(
		health.obstacle() ?? "",
		/^PLEG is not healthy: pleg was last seen active 3m0s ago; threshold is 3m0s/,
	);
	health.operated("container_status", 0.1, false);
	t.is(health.obstacle(), undefined);
});
