import { setTimeout as sleep } from "node:timers/promises";

/** Tries until it neither throws nor answers false. After `seconds` it answers, or throws, what it did last. */
export async function eventually<T>(attempt: () => Promise<T>, seconds = 60): Promise<T> {
	const end = Date.now() + seconds * 1_000;
	for (;;) {
		try {
			const answer = await attempt();
			if (answer !== false || Date.now() > end) return answer;
		} catch (error) {
			if (Date.now() > end) throw error;
		}
		await sleep(100);
	}
}
