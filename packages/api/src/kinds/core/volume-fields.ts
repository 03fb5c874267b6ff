/** Fields that many sources of volumes have, each with a number of its own (`pb`). */
import { bool, int32, listOf, mapOf, type ObjectType, ref, string, types } from "../../machinery/schema.ts";

export const fsTypeField = (pb: number) => string({ pb, doc: "File system on it, such as ext4." });

export const readOnlyField = (pb: number) => bool({ pb, doc: "True: it can not be written to." });

/** Volumes of pods name a secret of the pod's namespace, persistent volumes one of any namespace. */
export const secretField = <T>(of: ObjectType<T>, pb: number) =>
	ref(of, { pb, nullable: true, doc: "Secret to prove oneself with." });

export const defaultModeField = (pb: number) =>
	int32({ pb, nullable: true, doc: "Permissions of files that name none; default 0644." });

export const glusterFields = {
	endpoints: string({ required: true, pb: 1, doc: "Endpoints object with the addresses of the servers." }),
	path: string({ required: true, pb: 2, doc: "Name of the Gluster volume." }),
	readOnly: readOnlyField(3),
};

const cephMonitors = () =>
	listOf(types.string, { required: true, pb: 1, list: "atomic", doc: "Addresses of the Ceph monitors." });

export const rbdFields = {
	monitors: cephMonitors(),
	image: string({ required: true, pb: 2, doc: "Name of the block device." }),
	fsType: fsTypeField(3),
	pool: string({ pb: 4, default: "rbd", doc: "Pool that it is in." }),
	user: string({ pb: 5, default: "admin", doc: "Ceph user." }),
	keyring: string({ pb: 6, default: "/etc/ceph/keyring", doc: "File on the node with the user's key." }),
	readOnly: readOnlyField(8),
};

export const cephFsFields = {
	monitors: cephMonitors(),
	path: string({ pb: 2, doc: "Directory of the file system; default is all of it." }),
	user: string({ pb: 3, doc: "Ceph user; default admin." }),
	secretFile: string({ pb: 4, doc: "File on the node with the user's key." }),
	readOnly: readOnlyField(6),
};

export const iscsiFields = {
	targetPortal: string({ required: true, pb: 1, doc: "Address of the target, with a port other than 3260." }),
	iqn: string({ required: true, pb: 2, doc: "Qualified name of the target." }),
	lun: int32({ required: true, pb: 3, doc: "Number of the disk at the target." }),
	iscsiInterface: string({ pb: 4, default: "default", doc: "Interface that carries the traffic." }),
	fsType: fsTypeField(5),
	readOnly: readOnlyField(6),
	portals: listOf(types.string, { pb: 7, list: "atomic", doc: "Further addresses of the same target." }),
	chapAuthDiscovery: bool({ pb: 8, doc: "Whether discovery asks for a password (CHAP)." }),
	chapAuthSession: bool({ pb: 11, doc: "Whether sessions ask for a password (CHAP)." }),
	initiatorName: string({ pb: 12, nullable: true, doc: "Name that the node gives itself." }),
};

export const cinderFields = {
	volumeID: string({ required: true, pb: 1, doc: "Id of the disk." }),
	fsType: fsTypeField(2),
	readOnly: readOnlyField(3),
};

export const flexFields = {
	driver: string({ required: true, pb: 1, doc: "Name of the driver." }),
	fsType: fsTypeField(2),
	readOnly: readOnlyField(4),
	options: mapOf(types.string, { pb: 5, doc: "What else the driver needs to know." }),
};

export const scaleIoFields = {
	gateway: string({ required: true, pb: 1, doc: "Address of the gateway." }),
	system: string({ required: true, pb: 2, doc: "Name of the storage system." }),
	sslEnabled: bool({ pb: 4, doc: "Whether the gateway is spoken to over TLS." }),
	protectionDomain: string({ pb: 5, doc: "Protection domain that it is in." }),
	storagePool: string({ pb: 6, doc: "Storage pool that it is in." }),
	storageMode: string({ pb: 7, default: "ThinProvisioned", doc: "ThinProvisioned or ThickProvisioned." }),
	volumeName: string({ pb: 8, doc: "Name of the volume." }),
	fsType: string({ pb: 9, default: "xfs", doc: "File system on it." }),
	readOnly: readOnlyField(10),
};

export const storageOsFields = {
	volumeName: string({ pb: 1, doc: "Name of the volume." }),
	volumeNamespace: string({ pb: 2, doc: "Namespace of the volume within StorageOS." }),
	fsType: fsTypeField(3),
	readOnly: readOnlyField(4),
};
