/**
 * Many writes that may all fail for the same reason (a quota, a bad template): one first, then twice as many as went well
 * before, so that a failure is met after few requests. Throws the first failure of a batch after the batch is done.
 */
export async function inGrowingBatches<T>(
	items: readonly T[],
	write: (item: T) => Promise<void>,
): Promise<void> {
	for (let done = 0, size = 1; done < items.length; done += size, size *= 2) {
		const results = await Promise.allSettled(items.slice(done, done + size).map(write));
		const failed = results.find((result) => result.status === "rejected");
		if (failed) throw failed.reason;
	}
}
