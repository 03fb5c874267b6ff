/** Volumes of CSI drivers: no driver can register with this agent yet, and every pod that asks for one is told so. */
import type { Volume } from "@berth/api";
import { VolumeError, type VolumeKind } from "./volume-kind.ts";

export const csiKind: VolumeKind = {
	applies: ({ csi }) => csi !== undefined,
	readOnly: ({ csi }) => csi?.readOnly ?? false,
	setUp: async ({ volume }: { readonly volume: Volume }) => {
		throw noCsiDriver(volume.name, volume.csi?.driver);
	},
};

/** In the words for a driver that does not run on a host. */
export const noCsiDriver = (volume: string, driver = ""): VolumeError =>
	new VolumeError(
		`MountVolume.NewMounter initialization failed for volume "${volume}" : driver name ${driver} not found in the list of registered CSI drivers`,
	);
