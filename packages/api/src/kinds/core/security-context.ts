import { bool, type Infer, int64, listOf, object, ref, string, types } from "../../machinery/schema.ts";

export const Capabilities = object(
	"core.v1.Capabilities",
	{
		add: listOf(types.string, { pb: 1, list: "atomic", doc: "Powers to give; ALL for every one." }),
		drop: listOf(types.string, { pb: 2, list: "atomic", doc: "Powers to take away; ALL for every one." }),
	},
	"Powers of root, by name, such as NET_ADMIN.",
);
export interface Capabilities extends Infer<typeof Capabilities> {}

export const SELinuxOptions = object(
	"core.v1.SELinuxOptions",
	{
		user: string({ pb: 1, doc: "User part of the label." }),
		role: string({ pb: 2, doc: "Role part of the label." }),
		type: string({ pb: 3, doc: "Type part of the label." }),
		level: string({ pb: 4, doc: "Level part of the label." }),
	},
	"An SELinux label.",
);
export interface SELinuxOptions extends Infer<typeof SELinuxOptions> {}

export const WindowsSecurityContextOptions = object(
	"core.v1.WindowsSecurityContextOptions",
	{
		gmsaCredentialSpecName: string({
			pb: 1,
			nullable: true,
			doc: "Name of the credential spec of a group managed service account.",
		}),
		gmsaCredentialSpec: string({ pb: 2, nullable: true, doc: "The credential spec itself." }),
		runAsUserName: string({ pb: 3, nullable: true, doc: "User that processes run as." }),
		hostProcess: bool({ pb: 4, nullable: true, doc: "True: it runs on the host, outside of any container." }),
	},
	"Settings of Windows containers.",
);
export interface WindowsSecurityContextOptions extends Infer<typeof WindowsSecurityContextOptions> {}

export const SeccompProfile = object(
	"core.v1.SeccompProfile",
	{
		type: string({
			required: true,
			pb: 1,
			enum: ["Unconfined", "RuntimeDefault", "Localhost"],
			doc: "RuntimeDefault, Localhost for a file of the node, or Unconfined.",
		}),
		localhostProfile: string({
			pb: 2,
			nullable: true,
			doc: "File below the agent's seccomp directory, for Localhost.",
		}),
	},
	"System calls that processes may make.",
);
export interface SeccompProfile extends Infer<typeof SeccompProfile> {}

export const AppArmorProfile = object(
	"core.v1.AppArmorProfile",
	{
		type: string({
			required: true,
			pb: 1,
			enum: ["Unconfined", "RuntimeDefault", "Localhost"],
			doc: "RuntimeDefault, Localhost for a profile loaded on the node, or Unconfined.",
		}),
		localhostProfile: string({ pb: 2, nullable: true, doc: "Name of the loaded profile, for Localhost." }),
	},
	"What AppArmor lets processes do.",
);
export interface AppArmorProfile extends Infer<typeof AppArmorProfile> {}

export const SecurityContext = object(
	"core.v1.SecurityContext",
	{
		capabilities: ref(Capabilities, { pb: 1, nullable: true, doc: "Powers of root to be given or taken." }),
		privileged: bool({
			pb: 2,
			nullable: true,
			doc: "True: the container may do whatever root may do on the node.",
		}),
		seLinuxOptions: ref(SELinuxOptions, { pb: 3, nullable: true, doc: "SELinux label of its processes." }),
		windowsOptions: ref(WindowsSecurityContextOptions, {
			pb: 10,
			nullable: true,
			doc: "Settings of Windows.",
		}),
		runAsUser: int64({ pb: 4, nullable: true, doc: "User id of its first process; default is the image's." }),
		runAsGroup: int64({
			pb: 8,
			nullable: true,
			doc: "Group id of its first process; default is the runtime's.",
		}),
		runAsNonRoot: bool({ pb: 5, nullable: true, doc: "True: it does not start as user 0." }),
		readOnlyRootFilesystem: bool({
			pb: 6,
			nullable: true,
			doc: "True: nothing but its volumes can be written to.",
		}),
		allowPrivilegeEscalation: bool({
			pb: 7,
			nullable: true,
			doc: "False: processes never gain more powers than their parents have.",
		}),
		procMount: string({
			pb: 9,
			nullable: true,
			enum: ["Default", "Unmasked"],
			doc: "How /proc looks: Default hides what is dangerous, Unmasked does not.",
		}),
		seccompProfile: ref(SeccompProfile, { pb: 11, nullable: true, doc: "System calls that it may make." }),
		appArmorProfile: ref(AppArmorProfile, {
			pb: 12,
			nullable: true,
			doc: "AppArmor profile that holds for it.",
		}),
	},
	"What a container may do; it goes before what the pod says.",
);
export interface SecurityContext extends Infer<typeof SecurityContext> {}

export const Sysctl = object(
	"core.v1.Sysctl",
	{
		name: string({ required: true, pb: 1, doc: "Name of the setting." }),
		value: string({ required: true, pb: 2, doc: "Value of the setting." }),
	},
	"A kernel setting.",
);
export interface Sysctl extends Infer<typeof Sysctl> {}

export const PodSecurityContext = object(
	"core.v1.PodSecurityContext",
	{
		seLinuxOptions: ref(SELinuxOptions, { pb: 1, nullable: true, doc: "SELinux label of all containers." }),
		windowsOptions: ref(WindowsSecurityContextOptions, {
			pb: 8,
			nullable: true,
			doc: "Settings of Windows.",
		}),
		runAsUser: int64({
			pb: 2,
			nullable: true,
			doc: "User id of the containers' first processes; default is the image's.",
		}),
		runAsGroup: int64({
			pb: 6,
			nullable: true,
			doc: "Group id of the containers' first processes; default is the runtime's.",
		}),
		runAsNonRoot: bool({ pb: 3, nullable: true, doc: "True: no container starts as user 0." }),
		supplementalGroups: listOf(types.int64, {
			pb: 4,
			list: "atomic",
			doc: "Further group ids of the processes.",
		}),
		supplementalGroupsPolicy: string({
			pb: 12,
			nullable: true,
			enum: ["Merge", "Strict"],
			doc: "Whether groups of the image count too: Merge, or Strict; default Merge.",
		}),
		fsGroup: int64({
			pb: 5,
			nullable: true,
			doc: "Group id that volumes are made to belong to, and that all processes have.",
		}),
		sysctls: listOf(Sysctl, { pb: 7, list: "atomic", doc: "Kernel settings of the pod's namespaces." }),
		fsGroupChangePolicy: string({
			pb: 9,
			nullable: true,
			enum: ["OnRootMismatch", "Always"],
			doc: "When files get fsGroup: Always, or OnRootMismatch: only if the top directory lacks it.",
		}),
		seccompProfile: ref(SeccompProfile, {
			pb: 10,
			nullable: true,
			doc: "System calls that containers may make.",
		}),
		appArmorProfile: ref(AppArmorProfile, {
			pb: 11,
			nullable: true,
			doc: "AppArmor profile of the containers.",
		}),
		seLinuxChangePolicy: string({
			pb: 13,
			nullable: true,
			enum: ["Recursive", "MountOption"],
			doc: "How volumes get their SELinux label: MountOption, or Recursive, file by file.",
		}),
	},
	"What a pod's containers may do, and whose files its volumes are.",
);
export interface PodSecurityContext extends Infer<typeof PodSecurityContext> {}
