/** Volumes of pods: made before the first container, kept up to date, mounted into containers, taken back at the end. */
import { lstat, mkdir, readlink, rename, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Clock, Logger, Pod, Volume, VolumeDevice, VolumeMount } from "@berth/api";
import { LABEL, type PodId } from "../../pods/labels.ts";
import type { Device, Mount } from "../../runtime/container-spec.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { type EnvOptions, variablesOf } from "../env/env.ts";
import { expandWhole } from "../env/expand.ts";
import { shareMounts, unmountBelow } from "../mounts.ts";
import { missingAs, removeTree } from "../pod-directory.ts";
import { type ContainerScope, type PodScope, type PodStep, StepError } from "../step.ts";
import { hasFiles } from "./atomic-writer.ts";
import { createVolumeKinds, type KindOptions, kindOf } from "./kinds.ts";
import { isRecursive } from "./read-only.ts";
import { bindSubPath } from "./sub-path.ts";
import { VolumeError } from "./volume-kind.ts";
import { volumesInUse } from "./volume-use.ts";

export interface VolumesOptions extends KindOptions, EnvOptions {
	readonly runtime: Runtime;
	readonly clock: Clock;
	readonly log: Logger;
}

const PROPAGATION = { None: "private", HostToContainer: "rslave", Bidirectional: "rshared" } as const;
const MOUNT = "FailedMount";
/** Where volumes are within the directory of a pod: whole ones, parts, and files of images. */
const MADE = ["volumes", "subpaths", "images"];
const RETRY = { first: 500, most: 120_000 };
/** Milliseconds until a volume that could not be brought up to date is tried again. */
const UPDATE_AGAIN = 60_000;

export function volumesStep(options: VolumesOptions): PodStep {
	const { directories, clock, log } = options;
	const kinds = createVolumeKinds(options);
	const inTurn = byPod();
	/** What waits to be brought up to date, by uid of the pod. */
	const late = new Map<string, () => void>();

	async function setUp(volume: Volume, scope: PodScope, when: "early" | "late"): Promise<void> {
		const { uid } = scope.pod.metadata;
		const directory = directories.volume(uid, volume.name);
		const isFresh = !(await isInPlace(directory));
		try {
			const kind = kindOf(kinds, volume);
			if (kind.late && when === "early") return;
			await mkdir(dirname(directory), { recursive: true });
			const elsewhere = await kind.setUp({ volume, scope, directory });
			if (elsewhere !== undefined) await lead(directory, elsewhere);
		} catch (error) {
			if (isFresh) throw failure(error, volume);
			// What the volume was made of may go away: the pod keeps what it has.
			log.warn({ error, pod: uid, volume: volume.name }, "a volume cannot be brought up to date");
			tryAgain(scope);
		}
	}

	function tryAgain({ user }: PodScope): void {
		if (late.has(user.uid) || user.life.aborted) return;
		const forget = () => {
			cancel();
			late.delete(user.uid);
		};
		const cancel = clock.after(UPDATE_AGAIN, () => {
			user.life.removeEventListener("abort", forget);
			late.delete(user.uid);
			user.changed();
		});
		late.set(user.uid, cancel);
		user.life.addEventListener("abort", forget, { once: true });
	}

	/** The volume of that name, and where it is. */
	async function place(name: string, scope: ContainerScope) {
		const { pod } = scope;
		const volume = pod.spec.volumes?.find((each) => each.name === name);
		if (!volume) throw new Error(`there is no volume "${name}"`);
		const directory = directories.volume(pod.metadata.uid, name);
		// Also what nobody used until somebody was added to debug the pod.
		if (!(await missingAs(lstat(directory), undefined))) await setUp(volume, scope, "late");
		const whole = await missingAs(readlink(directory), directory).catch(() => directory);
		return { whole, isReadOnly: kindOf(kinds, volume).readOnly(volume) };
	}

	async function deviceOf({ name, devicePath }: VolumeDevice, scope: ContainerScope): Promise<Device> {
		const { whole, isReadOnly } = await place(name, scope);
		return { source: whole, target: devicePath, readOnly: isReadOnly };
	}

	async function mountOf(mount: VolumeMount, index: number, scope: ContainerScope): Promise<Mount> {
		const { pod, container } = scope;
		const { uid } = pod.metadata;
		const { whole, isReadOnly } = await place(mount.name, scope);
		const path = mount.subPathExpr
			? expandWhole(mount.subPathExpr, await variablesOf(options, scope))
			: (mount.subPath ?? "");
		const target = join(directories.of(uid), "subpaths", container.name, `${index}`);
		const source = path === "" ? whole : await bindSubPath({ volume: whole, path, target });
		const propagation = PROPAGATION[mount.mountPropagation ?? "None"];
		// Paths of the host are shared, or not, as the host wants it.
		if (propagation !== "private" && source.startsWith(directories.of(uid))) await shareMounts(source);
		const readOnly = (mount.readOnly ?? false) || isReadOnly;
		const recursive =
			mount.recursiveReadOnly !== undefined && isRecursive(mount, await options.runtime.info());
		return { source, target: mount.mountPath, readOnly, recursive, propagation };
	}

	/** A label that tells of what images the mounts are, when one is of any. */
	async function imagesOf(mounts: readonly VolumeMount[], { pod }: ContainerScope) {
		const found: [string, string][] = [];
		for (const { name, mountPath } of mounts) {
			const volume = pod.spec.volumes?.find((each) => each.name === name);
			const kind = volume && kindOf(kinds, volume);
			const image = volume && (await kind?.imageOf?.(volume, directories.volume(pod.metadata.uid, name)));
			if (image) found.push([mountPath, image]);
		}
		return found.length > 0 && { [LABEL.volumeImages]: JSON.stringify(Object.fromEntries(found)) };
	}

	/** Nothing is mounted in the pod's directory any more. Answers with its path. */
	async function takeBack(pod: PodId): Promise<string> {
		const directory = directories.of(pod.uid);
		for (const kind of kinds) await kind.release?.(pod, directory);
		await unmountBelow(directory);
		return directory;
	}

	return {
		name: "volumes",
		async prepare(scope) {
			const used = volumesInUse(scope.pod);
			for (const volume of scope.pod.spec.volumes ?? []) {
				scope.signal.throwIfAborted();
				if (used.has(volume.name)) await inTurn(scope.pod, () => setUp(volume, scope, "early"));
			}
		},
		async container(spec, scope) {
			const { name: container, volumeMounts = [], volumeDevices = [] } = scope.container;
			const mounts: Mount[] = [];
			for (const [index, mount] of volumeMounts.entries()) {
				const isPart = mount.subPath || mount.subPathExpr;
				const what = `failed to prepare subPath for volumeMount "${mount.name}" of container "${container}": `;
				mounts.push(
					await orWait(
						inTurn(scope.pod, () => mountOf(mount, index, scope)),
						isPart ? what : "",
					),
				);
			}
			const devices: Device[] = [];
			for (const device of volumeDevices) {
				devices.push(await orWait(inTurn(scope.pod, () => deviceOf(device, scope))));
			}
			const images = await imagesOf(volumeMounts, scope);
			const recursive = mounts.filter((mount) => mount.recursive).map(({ target }) => target);
			const label = recursive.length > 0 && { [LABEL.recursiveReadOnly]: JSON.stringify(recursive) };
			return {
				...spec,
				labels: { ...spec.labels, ...label, ...images },
				mounts: [...spec.mounts, ...mounts],
				devices: [...(spec.devices ?? []), ...devices],
			};
		},
		async clear(pod) {
			const directory = await takeBack(pod);
			for (const made of MADE) await removeTree(join(directory, made));
		},
		async release(pod) {
			await takeBack(pod);
		},
	};
}

/** Containers of a pod start at once, and share its volumes: one thing at a time is done to these. */
function byPod() {
	const last = new Map<string, Promise<unknown>>();
	return <T>({ metadata: { uid } }: Pod, work: () => Promise<T>): Promise<T> => {
		const next = (last.get(uid) ?? Promise.resolve()).then(work, work);
		const done = next
			.catch(() => {})
			.then(() => {
				if (last.get(uid) === done) last.delete(uid);
			});
		last.set(uid, done);
		return next;
	};
}

/** The container has to wait for what fails. */
async function orWait<T>(work: Promise<T>, what = ""): Promise<T> {
	try {
		return await work;
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		if (!(error instanceof StepError)) throw new StepError("CreateContainerConfigError", `${what}${reason}`);
		throw error.reason === MOUNT ? new StepError("CreateContainerConfigError", reason) : error;
	}
}

/** It was complete once: it has files of objects, or leads to where its files are. */
const isInPlace = async (directory: string): Promise<boolean> =>
	(await missingAs(lstat(directory), undefined))?.isSymbolicLink() || (await hasFiles(directory));

/** The volume's name leads elsewhere; replaced at once. */
async function lead(directory: string, elsewhere: string): Promise<void> {
	const present = await missingAs(readlink(directory), undefined);
	if (present === elsewhere) return;
	const draft = `${directory}.new`;
	await removeTree(draft);
	await symlink(elsewhere, draft);
	await rename(draft, directory);
}

function failure(error: unknown, { name }: Volume): StepError {
	if (error instanceof StepError) return error;
	const reason = error instanceof Error ? error.message : String(error);
	const message =
		error instanceof VolumeError ? reason : `MountVolume.SetUp failed for volume "${name}" : ${reason}`;
	return new StepError(MOUNT, message, RETRY);
}
