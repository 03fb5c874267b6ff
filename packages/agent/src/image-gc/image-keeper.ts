/**
 * Throws away images that no pod uses, when the disk fills up. Only those that this agent pulled: a Docker host has images
 * of other people, and nobody could bring them back. The list of them is kept on disk.
 */
import { join } from "node:path";
import { type Clock, type Logger, parseGoDuration } from "@berth/api";
import type { KubeletConfiguration } from "../config/kubelet-configuration.ts";
import type { ContainerInfo, Images } from "../runtime/runtime.ts";
import type { FileSystemUsage } from "../stats/host-usage.ts";
import { readJson, writeWhole } from "../steps/pod-directory.ts";
import { type PulledImage, planImages } from "./plan-images.ts";

export interface ImageKeeper {
	/** The images of the runtime; what is pulled through them is remembered. */
	readonly images: Pick<Images, "pull">;
	/** Throws away all that nobody uses; answers the bytes that this freed. */
	reclaim(): Promise<number>;
	/** Looks after the disk until the signal aborts. */
	run(signal: AbortSignal): Promise<void>;
}

export interface ImageKeeperOptions {
	readonly runtime: Images;
	readonly containers: () => readonly Pick<ContainerInfo, "imageId">[];
	/** Of the disk that images are on. */
	readonly disk: () => Promise<Pick<FileSystemUsage, "capacity" | "available">>;
	readonly configuration: KubeletConfiguration;
	readonly dataDir: string;
	readonly clock: Clock;
	readonly log: Logger;
}

interface Known {
	readonly pulledAt: number;
	readonly lastUsedAt: number;
}

/** As often as a kubelet looks. */
const LOOK_EVERY = 300_000;

export function createImageKeeper(options: ImageKeeperOptions): ImageKeeper {
	const { runtime, containers, configuration, clock, log } = options;
	const file = join(options.dataDir, "pulled-images.json");
	const milliseconds = (text: string | undefined) => parseGoDuration(text ?? "0s") / 1e6;
	const minimumAge = milliseconds(configuration.imageMinimumGCAge);
	const maximumAge = milliseconds(configuration.imageMaximumGCAge);
	let known: Map<string, Known> | undefined;

	const load = async () => {
		known ??= new Map(Object.entries((await readJson<Readonly<Record<string, Known>>>(file)) ?? {}));
		return known;
	};
	const save = async () => writeWhole(file, JSON.stringify(Object.fromEntries(known ?? [])));

	async function pulled(): Promise<readonly PulledImage[]> {
		const found: PulledImage[] = [];
		const used = new Set(containers().map(({ imageId }) => imageId));
		const now = clock.now();
		for (const [reference, { pulledAt, lastUsedAt }] of await load()) {
			const image = await runtime.image(reference);
			if (!image) {
				known?.delete(reference);
				continue;
			}
			const { id, size } = image;
			const since = used.has(id) ? now : lastUsedAt;
			known?.set(reference, { pulledAt, lastUsedAt: since });
			found.push({ reference, id, size, pulledAt, lastUsedAt: since });
		}
		return found;
	}

	/** Answers the bytes freed. */
	async function free(wanted: number): Promise<number> {
		const images = await pulled();
		const used = new Set(containers().map(({ imageId }) => imageId));
		const going = planImages({ images, used, wanted, now: clock.now(), minimumAge, maximumAge });
		const before = await options.disk();
		for (const reference of going) {
			// A container may have come meanwhile.
			if (!(await runtime.removeImage(reference))) continue;
			known?.delete(reference);
			log.info({ image: reference }, "removed an image that no pod uses");
		}
		await save();
		return going.length ? Math.max(0, (await options.disk()).available - before.available) : 0;
	}

	async function turn(): Promise<void> {
		const { capacity, available } = await options.disk();
		const percent = capacity > 0 ? (1 - available / capacity) * 100 : 0;
		const { imageGCHighThresholdPercent = 100, imageGCLowThresholdPercent = 100 } = configuration;
		const full = percent >= imageGCHighThresholdPercent;
		const wanted = full ? (capacity * (percent - imageGCLowThresholdPercent)) / 100 : 0;
		const freed = await free(wanted);
		if (freed < wanted)
			log.warn({ wanted, freed }, "the disk of images is nearly full, and too little can be removed");
	}

	return {
		images: {
			pull: async (reference, credentials, signal) => {
				await runtime.pull(reference, credentials, signal);
				const now = clock.now();
				(await load()).set(reference, { pulledAt: now, lastUsedAt: now });
				await save();
			},
		},
		reclaim: () => free(Number.POSITIVE_INFINITY),
		async run(signal) {
			while (!signal.aborted) {
				try {
					await turn();
				} catch (error) {
					log.warn({ error }, "cannot look after images");
				}
				await clock.sleep(LOOK_EVERY, signal);
			}
		},
	};
}
