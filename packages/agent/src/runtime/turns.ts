/**
 * So many things at once, the most urgent of those that wait first, and of these the one that has waited longest. An
 * engine asked for everything at once does all of it slowly, and nothing is done before all is.
 */

/** Rejects as the work does. */
export type Turns = <T>(urgency: number, work: () => Promise<T>) => Promise<T>;

export interface TurnsOptions {
	/** Things at once. */
	readonly places: number;
	/** Milliseconds after which a thing that is still not done does not count: it must not hold up the others. */
	readonly patience: number;
}

interface Waiting {
	readonly urgency: number;
	readonly enter: () => void;
}

export function createTurns({ places, patience }: TurnsOptions): Turns {
	let free = places;
	const waiting: Waiting[] = [];

	function leave(): void {
		const next = waiting.shift();
		if (next) next.enter();
		else free += 1;
	}

	async function place(urgency: number): Promise<void> {
		if (free > 0) {
			free -= 1;
			return;
		}
		const { promise, resolve } = Promise.withResolvers<void>();
		const later = waiting.findIndex((other) => other.urgency < urgency);
		waiting.splice(later < 0 ? waiting.length : later, 0, { urgency, enter: resolve });
		await promise;
	}

	return async (urgency, work) => {
		await place(urgency);
		let left = false;
		const leaveOnce = () => {
			if (!left) leave();
			left = true;
		};
		const late = setTimeout(leaveOnce, patience);
		try {
			return await work();
		} finally {
			clearTimeout(late);
			leaveOnce();
		}
	};
}
