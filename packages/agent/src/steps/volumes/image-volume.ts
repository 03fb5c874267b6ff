/**
 * Files of an image as a volume: https://kubernetes.io/docs/tasks/configure-pod-container/image-volumes/ . They are copied
 * out of a container that is made of the image and never runs: every version and storage driver of the engine can do that.
 */
import {
	lstat,
	mkdir,
	readdir,
	readFile,
	readlink,
	rename,
	rmdir,
	unlink,
	writeFile,
} from "node:fs/promises";
import { dirname, join } from "node:path";
import { type ContainerSpec, LEAST_SECURITY } from "../../runtime/container-spec.ts";
import type { Containers } from "../../runtime/runtime.ts";
import { digestOf, shownImage } from "../images/exact-image.ts";
import type { ImagePuller } from "../images/puller.ts";
import { missingAs, removeTree } from "../pod-directory.ts";
import { mustRun } from "../spawn.ts";
import type { VolumeKind } from "./volume-kind.ts";

export interface ImageVolumeOptions {
	readonly runtime: Containers;
	readonly puller: ImagePuller;
}

const DRAFT = ".new";
/** No volume's name has a dot. */
const EXACT = ".image";

export function imageVolumeKind({ runtime, puller }: ImageVolumeOptions): VolumeKind {
	return {
		applies: ({ image }) => image !== undefined,
		readOnly: () => true,
		late: true,
		async setUp({ volume, scope: { pod, signal }, directory }) {
			const files = join(imagesOf(dirname(dirname(directory))), volume.name);
			// An image that changes its name's meaning changes no volume.
			if (await missingAs(lstat(files), undefined)) return files;
			const { reference: image = "", pullPolicy: policy } = volume.image ?? {};
			const { name, info } = await puller.ensure({ pod, image, policy, signal });
			const draft = `${files}${DRAFT}`;
			await removeTree(draft);
			await mkdir(draft, { recursive: true });
			await copyOut(runtime, helperSpec(name, pod.metadata.uid, volume.name), draft);
			await writeFile(`${files}${EXACT}`, shownImage(digestOf(info, name), info?.id ?? ""));
			await rename(draft, files);
			return files;
		},
		imageOf: ({ name }, directory) =>
			missingAs(readFile(`${join(imagesOf(dirname(dirname(directory))), name)}${EXACT}`, "utf8"), undefined),
		/** A helper may be left from an agent that was killed. */
		async release({ uid }, directory) {
			for (const name of await missingAs(readdir(imagesOf(directory)), [])) {
				if (name.endsWith(DRAFT)) await runtime.remove(helperName(uid, name.slice(0, -DRAFT.length)));
			}
		},
	};
}

const imagesOf = (directory: string) => join(directory, "images");

const helperName = (uid: string, volume: string) => `berth_image_${uid}_${volume}`;

const helperSpec = (image: string, uid: string, volume: string): ContainerSpec => ({
	name: helperName(uid, volume),
	labels: {},
	image,
	command: ["/never"],
	env: [],
	namespaces: { network: "none", ipc: "shareable", pid: "private" },
	mounts: [],
	resources: { oomScore: 0 },
	security: LEAST_SECURITY,
	stdin: false,
	stdinOnce: false,
	tty: false,
});

async function copyOut(runtime: Containers, spec: ContainerSpec, directory: string): Promise<void> {
	await runtime.remove(spec.name);
	const id = await runtime.create(spec);
	try {
		const input = await runtime.export(id);
		await mustRun("tar", ["-x", "-p", "--numeric-owner", "-C", directory, "-f", "-"], { input });
	} finally {
		await runtime.remove(id);
	}
	await removeTree(join(directory, ".dockerenv"));
	for (const path of ENGINES_OWN) await removeEmpty(join(directory, path));
}

/** What the engine adds to every container, where the image has nothing. */
const ENGINES_OWN = [
	...["etc/hostname", "etc/hosts", "etc/resolv.conf", "etc/mtab", "etc"],
	...["dev/console", "dev/pts", "dev/shm", "dev", "proc", "sys"],
];

async function removeEmpty(path: string): Promise<void> {
	const info = await missingAs(lstat(path), undefined);
	if (info?.isDirectory()) {
		if ((await readdir(path)).length === 0) await rmdir(path);
	} else if (info?.isSymbolicLink()) {
		if ((await readlink(path)) === "/proc/mounts") await unlink(path);
	} else if (info?.size === 0) {
		await unlink(path);
	}
}
