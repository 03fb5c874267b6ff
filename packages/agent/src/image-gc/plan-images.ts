/** Which images go. Pure. */

/** An image that this agent pulled; others are the host's own and stay. */
export interface PulledImage {
	readonly reference: string;
	/** Id of the image that the reference names now. */
	readonly id: string;
	/** Bytes. */
	readonly size: number;
	/** Milliseconds since the epoch. */
	readonly pulledAt: number;
	readonly lastUsedAt: number;
}

export interface ImagePlanOptions {
	readonly images: readonly PulledImage[];
	/** Ids of images of which there are containers, running or not. */
	readonly used: ReadonlySet<string>;
	/** Bytes to free; images go until as much is free, those unused for longest first. */
	readonly wanted: number;
	readonly now: number;
	/** Milliseconds: younger ones stay. */
	readonly minimumAge: number;
	/** Milliseconds since the last use, after which an image goes in any case; 0: never. */
	readonly maximumAge: number;
}

/** References, in the order in which they go. */
export function planImages(options: ImagePlanOptions): readonly string[] {
	const { images, used, wanted, now, minimumAge, maximumAge } = options;
	const unused = images
		.filter(({ id, pulledAt }) => !used.has(id) && now - pulledAt >= minimumAge)
		.toSorted((a, b) => a.lastUsedAt - b.lastUsedAt || a.pulledAt - b.pulledAt);
	const going: PulledImage[] = [];
	let freed = 0;
	for (const image of unused) {
		const tooOld = maximumAge > 0 && now - image.lastUsedAt > maximumAge;
		if (freed >= wanted && !tooOld) continue;
		going.push(image);
		// An image with two names takes its place once.
		if (!going.some((other) => other !== image && other.id === image.id)) freed += image.size;
	}
	return going.map(({ reference }) => reference);
}
