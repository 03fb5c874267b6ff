/** A short attack on a control plane; `npm run fuzz -- --minutes N` goes on for longer. */
import test from "ava";
import { fuzz } from "./fuzz.ts";

test("twenty seconds of hostile requests break nothing", async (t) => {
	t.timeout(90_000);
	const seed = Math.floor(Math.random() * 2 ** 31);
	t.log(`seed ${seed}`);
	const { findings } = await fuzz({ seed, duration: 20_000, report: () => {} });
	t.deepEqual(findings, []);
});
