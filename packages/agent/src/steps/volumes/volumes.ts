/** Volumes of pods: made before the first container, kept up to date, mounted into containers, taken back at the end. */
import { chmod, chown, mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { type Logger, quantityValue, type Volume, type VolumeMount } from "@berth/api";
import type { Mount } from "../../runtime/container-spec.ts";
import { type EnvOptions, variablesOf } from "../env/env.ts";
import { expand } from "../env/expand.ts";
import { mountMemory, unmountBelow } from "../mounts.ts";
import { type ContainerScope, type PodScope, type PodStep, StepError } from "../step.ts";
import { hasFiles, writeAtomically } from "./atomic-writer.ts";
import { hostPath } from "./host-path.ts";
import { payloadOf, type SourceOptions } from "./sources.ts";
import { bindSubPath } from "./sub-path.ts";

export interface VolumesOptions extends SourceOptions, EnvOptions {
	readonly log: Logger;
}

const PROPAGATION = { None: "private", HostToContainer: "rslave", Bidirectional: "rshared" } as const;
const RETRY = { first: 500, most: 120_000 };

export function volumesStep(options: VolumesOptions): PodStep {
	const { directories } = options;
	const directoryOf = directories.volume;

	async function setUp(volume: Volume, scope: PodScope): Promise<void> {
		const { uid } = scope.pod.metadata;
		const { fsGroup } = scope.pod.spec.securityContext ?? {};
		const directory = directoryOf(uid, volume.name);
		if (volume.hostPath) {
			await hostPath(volume.hostPath);
			return;
		}
		if (volume.emptyDir) {
			const { medium, sizeLimit } = volume.emptyDir;
			await mkdir(directory, { recursive: true });
			if (medium === "Memory") {
				await mountMemory(directory, "0777", sizeLimit ? quantityValue(sizeLimit) : undefined);
			}
			return share(directory, fsGroup);
		}
		const isFresh = !(await hasFiles(directory));
		try {
			const payload = await payloadOf(options, volume, scope);
			if (!payload) throw new Error(`volumes of type ${typeOf(volume)} are not supported by this agent`);
			await mkdir(directory, { recursive: true });
			// What is secret is not written to disk.
			if (volume.secret || volume.projected) await mountMemory(directory, "0755");
			await writeAtomically(directory, payload, fsGroup);
		} catch (error) {
			// What the volume was made of may go away: the pod keeps what it has.
			if (isFresh) throw error;
			options.log.warn({ error, pod: uid, volume: volume.name }, "a volume cannot be brought up to date");
		}
	}

	async function mountOf(mount: VolumeMount, index: number, scope: ContainerScope): Promise<Mount> {
		const { pod, container } = scope;
		const { uid } = pod.metadata;
		const volume = pod.spec.volumes?.find(({ name }) => name === mount.name);
		if (!volume) throw new Error(`there is no volume "${mount.name}"`);
		const whole = volume.hostPath?.path ?? directoryOf(uid, volume.name);
		const path = mount.subPathExpr
			? expand(mount.subPathExpr, await variablesOf(options, scope))
			: (mount.subPath ?? "");
		const target = join(directories.of(uid), "subpaths", container.name, `${index}`);
		return {
			source: path === "" ? whole : await bindSubPath({ volume: whole, path, target }),
			target: mount.mountPath,
			readOnly: mount.readOnly ?? false,
			propagation: PROPAGATION[mount.mountPropagation ?? "None"],
		};
	}

	return {
		name: "volumes",
		async prepare(scope) {
			for (const volume of scope.pod.spec.volumes ?? []) {
				scope.signal.throwIfAborted();
				try {
					await setUp(volume, scope);
				} catch (error) {
					const reason = error instanceof Error ? error.message : String(error);
					throw new StepError(
						"FailedMount",
						`MountVolume.SetUp failed for volume "${volume.name}" : ${reason}`,
						RETRY,
					);
				}
			}
		},
		async container(spec, scope) {
			const mounts: Mount[] = [];
			for (const [index, mount] of (scope.container.volumeMounts ?? []).entries()) {
				try {
					mounts.push(await mountOf(mount, index, scope));
				} catch (error) {
					const reason = error instanceof Error ? error.message : String(error);
					throw new StepError(
						"CreateContainerConfigError",
						`failed to prepare subPath for volumeMount "${mount.name}" of container "${scope.container.name}": ${reason}`,
					);
				}
			}
			return { ...spec, mounts: [...spec.mounts, ...mounts] };
		},
		release: ({ uid }) => unmountBelow(directories.of(uid)),
	};
}

/** Writable for every user; with a group, owned by it and passing it on. */
async function share(directory: string, group: number | undefined): Promise<void> {
	if (group !== undefined && (await stat(directory)).gid !== group) await chown(directory, -1, group);
	await chmod(directory, group === undefined ? 0o777 : 0o2777);
}

const typeOf = ({ name: _, ...source }: Volume) => Object.keys(source)[0] ?? "unknown";
