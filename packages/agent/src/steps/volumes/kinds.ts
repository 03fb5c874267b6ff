/** The kinds of volumes, in the order in which they are asked: the one place that lists them. */
import type { Volume } from "@berth/api";
import { type ClaimOptions, claimKind } from "./claims.ts";
import { csiKind } from "./csi.ts";
import { type EmptyDirOptions, emptyDirKind } from "./empty-dir.ts";
import { hostPathKind } from "./host-path.ts";
import { type ImageVolumeOptions, imageVolumeKind } from "./image-volume.ts";
import { nfsKind } from "./nfs.ts";
import { objectFilesKind } from "./object-files.ts";
import type { SourceOptions } from "./sources.ts";
import type { VolumeKind } from "./volume-kind.ts";

export interface KindOptions extends SourceOptions, EmptyDirOptions, ClaimOptions, ImageVolumeOptions {}

export const createVolumeKinds = (options: KindOptions): readonly VolumeKind[] => [
	emptyDirKind(options),
	objectFilesKind(options),
	hostPathKind,
	claimKind(options),
	imageVolumeKind(options),
	nfsKind,
	csiKind,
];

/** Throws for a kind that this agent does not know. */
export function kindOf(kinds: readonly VolumeKind[], volume: Volume): VolumeKind {
	const kind = kinds.find(({ applies }) => applies(volume));
	if (kind) return kind;
	const { name: _, ...source } = volume;
	throw new Error(`volumes of type ${Object.keys(source)[0] ?? "unknown"} are not supported by this agent`);
}
