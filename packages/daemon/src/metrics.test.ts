import test from "ava";
import { createMetrics } from "./metrics.ts";

test("every process shows its CPU, memory, start and files", async (t) => {
	const registry = createMetrics();
	const text = await registry.metrics();
	for (const name of [
		"process_cpu_seconds_total",
		"process_resident_memory_bytes",
		"process_start_time_seconds",
	]) {
		t.regex(text, new RegExp(`^${name} [0-9.e+]+$`, "m"));
	}
	const cpu = async () => Number(/^process_cpu_seconds_total (.*)$/m.exec(await registry.metrics())?.[1]);
	const before = await cpu();
	t.true((await cpu()) >= before);
});
