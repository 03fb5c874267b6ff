import { bool, type Infer, int64, listOf, object, ref, string, types } from "../../machinery/schema.ts";

export const Capabilities = object("core.v1.Capabilities", {
	add: listOf(types.string, { pb: 1, list: "atomic" }),
	drop: listOf(types.string, { pb: 2, list: "atomic" }),
});
export interface Capabilities extends Infer<typeof Capabilities> {}

export const SELinuxOptions = object("core.v1.SELinuxOptions", {
	user: string({ pb: 1 }),
	role: string({ pb: 2 }),
	type: string({ pb: 3 }),
	level: string({ pb: 4 }),
});
export interface SELinuxOptions extends Infer<typeof SELinuxOptions> {}

export const WindowsSecurityContextOptions = object("core.v1.WindowsSecurityContextOptions", {
	gmsaCredentialSpecName: string({ pb: 1, nullable: true }),
	gmsaCredentialSpec: string({ pb: 2, nullable: true }),
	runAsUserName: string({ pb: 3, nullable: true }),
	hostProcess: bool({ pb: 4, nullable: true }),
});
export interface WindowsSecurityContextOptions extends Infer<typeof WindowsSecurityContextOptions> {}

export const SeccompProfile = object("core.v1.SeccompProfile", {
	type: string({ required: true, pb: 1, enum: ["Unconfined", "RuntimeDefault", "Localhost"] }),
	localhostProfile: string({ pb: 2, nullable: true }),
});
export interface SeccompProfile extends Infer<typeof SeccompProfile> {}

export const AppArmorProfile = object("core.v1.AppArmorProfile", {
	type: string({ required: true, pb: 1, enum: ["Unconfined", "RuntimeDefault", "Localhost"] }),
	localhostProfile: string({ pb: 2, nullable: true }),
});
export interface AppArmorProfile extends Infer<typeof AppArmorProfile> {}

export const SecurityContext = object("core.v1.SecurityContext", {
	capabilities: ref(Capabilities, { pb: 1, nullable: true }),
	privileged: bool({ pb: 2, nullable: true }),
	seLinuxOptions: ref(SELinuxOptions, { pb: 3, nullable: true }),
	windowsOptions: ref(WindowsSecurityContextOptions, { pb: 10, nullable: true }),
	runAsUser: int64({ pb: 4, nullable: true }),
	runAsGroup: int64({ pb: 8, nullable: true }),
	runAsNonRoot: bool({ pb: 5, nullable: true }),
	readOnlyRootFilesystem: bool({ pb: 6, nullable: true }),
	allowPrivilegeEscalation: bool({ pb: 7, nullable: true }),
	procMount: string({ pb: 9, nullable: true, enum: ["Default", "Unmasked"] }),
	seccompProfile: ref(SeccompProfile, { pb: 11, nullable: true }),
	appArmorProfile: ref(AppArmorProfile, { pb: 12, nullable: true }),
});
export interface SecurityContext extends Infer<typeof SecurityContext> {}

export const Sysctl = object("core.v1.Sysctl", {
	name: string({ required: true, pb: 1 }),
	value: string({ required: true, pb: 2 }),
});
export interface Sysctl extends Infer<typeof Sysctl> {}

export const PodSecurityContext = object("core.v1.PodSecurityContext", {
	seLinuxOptions: ref(SELinuxOptions, { pb: 1, nullable: true }),
	windowsOptions: ref(WindowsSecurityContextOptions, { pb: 8, nullable: true }),
	runAsUser: int64({ pb: 2, nullable: true }),
	runAsGroup: int64({ pb: 6, nullable: true }),
	runAsNonRoot: bool({ pb: 3, nullable: true }),
	supplementalGroups: listOf(types.int64, { pb: 4, list: "atomic" }),
	supplementalGroupsPolicy: string({ pb: 12, nullable: true, enum: ["Merge", "Strict"] }),
	fsGroup: int64({ pb: 5, nullable: true }),
	sysctls: listOf(Sysctl, { pb: 7, list: "atomic" }),
	fsGroupChangePolicy: string({ pb: 9, nullable: true, enum: ["OnRootMismatch", "Always"] }),
	seccompProfile: ref(SeccompProfile, { pb: 10, nullable: true }),
	appArmorProfile: ref(AppArmorProfile, { pb: 11, nullable: true }),
	seLinuxChangePolicy: string({ pb: 13, nullable: true, enum: ["Recursive", "MountOption"] }),
});
export interface PodSecurityContext extends Infer<typeof PodSecurityContext> {}
