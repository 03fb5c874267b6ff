/**
 * Many creations that may all fail for the same reason (a quota, a bad template): one first, then twice as many as went
 * well before, so that a failure is met after few requests. Throws the first failure of a batch after the batch is done.
 */
export async function inGrowingBatches(count: number, create: () => Promise<void>): Promise<void> {
	let left = count;
	for (let size = 1; left > 0; size *= 2) {
		const batch = Math.min(size, left);
		const results = await Promise.allSettled(Array.from({ length: batch }, create));
		const failed = results.find((result) => result.status === "rejected");
		if (failed) throw failed.reason;
		left -= batch;
	}
}
