/** Validation of security contexts of pods and containers. */
import {
	duplicate,
	type FieldError,
	forbiddenField,
	invalidValue,
	required,
	tooLong,
} from "../../machinery/field-error.ts";
import { userIdErrors } from "../../machinery/names.ts";
import { invalids, localPath } from "../field-checks.ts";
import type { PodSpec } from "./pod-spec.ts";
import type {
	AppArmorProfile,
	PodSecurityContext,
	SeccompProfile,
	SecurityContext,
	Sysctl,
} from "./security-context.ts";

/** `path` is the container's `securityContext`. */
export function validateSecurityContext(
	context: SecurityContext,
	{ path, hostUsers }: { readonly path: string; readonly hostUsers: boolean },
): FieldError[] {
	return [
		...idErrors(`${path}.runAsUser`, context.runAsUser),
		...idErrors(`${path}.runAsGroup`, context.runAsGroup),
		...(hostUsers && context.procMount === "Unmasked"
			? [invalidValue(`${path}.procMount`, context.procMount, "`hostUsers` must be false to use `Unmasked`")]
			: []),
		...seccompErrors(context.seccompProfile, `${path}.seccompProfile`),
		...escalationErrors(context, path),
		...appArmorErrors(context.appArmorProfile, `${path}.appArmorProfile`),
	];
}

function escalationErrors(context: SecurityContext, path: string): FieldError[] {
	if (context.allowPrivilegeEscalation !== false) return [];
	const refused = (what: string) =>
		invalidValue(path, context, `cannot set \`allowPrivilegeEscalation\` to false and ${what}`);
	return [
		...(context.privileged ? [refused("`privileged` to true")] : []),
		...(context.capabilities?.add?.includes("CAP_SYS_ADMIN")
			? [refused("`capabilities.Add` CAP_SYS_ADMIN")]
			: []),
	];
}

/** The pod's security context and the host namespaces that go with it; `path` is the pod spec's. */
export function validatePodSecurity(spec: PodSpec, path: string): FieldError[] {
	const context = spec.securityContext ?? {};
	const at = `${path}.securityContext`;
	return [
		...idErrors(`${at}.fsGroup`, context.fsGroup),
		...idErrors(`${at}.runAsUser`, context.runAsUser),
		...idErrors(`${at}.runAsGroup`, context.runAsGroup),
		...(context.supplementalGroups ?? []).flatMap((group, index) =>
			idErrors(`${at}.supplementalGroups[${index}]`, group),
		),
		...(spec.shareProcessNamespace && spec.hostPID
			? [
					invalidValue(
						`${at}.shareProcessNamespace`,
						true,
						"ShareProcessNamespace and HostPID cannot both be enabled",
					),
				]
			: []),
		...sysctlErrors(context.sysctls ?? [], spec, `${at}.sysctls`),
		...seccompErrors(context.seccompProfile, `${at}.seccompProfile`),
		...appArmorErrors(context.appArmorProfile, `${at}.appArmorProfile`),
		...hostUsersErrors(spec, path),
		...windowsErrors(spec, context, path),
	];
}

const idErrors = (field: string, id: number | undefined | null): FieldError[] =>
	id === undefined || id === null ? [] : invalids(field, id, userIdErrors(id));

function hostUsersErrors(spec: PodSpec, path: string): FieldError[] {
	if (spec.hostUsers !== false) return [];
	const shared: [string, boolean | undefined][] = [
		["hostNetwork", spec.hostNetwork],
		["HostPID", spec.hostPID],
		["HostIPC", spec.hostIPC],
	];
	return shared
		.filter(([, set]) => set)
		.map(([field]) => forbiddenField(`${path}.${field}`, "when `hostUsers` is false"));
}

function windowsErrors(spec: PodSpec, context: PodSecurityContext, path: string): FieldError[] {
	const containers = [
		...(spec.initContainers ?? []).map((container, index) => ({ container, at: `initContainers[${index}]` })),
		...(spec.containers ?? []).map((container, index) => ({ container, at: `containers[${index}]` })),
	];
	if (spec.os?.name !== "linux") return [];
	const refused = (field: string) => forbiddenField(field, "windows options cannot be set for a linux pod");
	return [
		...(context.windowsOptions ? [refused(`${path}.securityContext.windowsOptions`)] : []),
		...containers
			.filter(({ container }) => container.securityContext?.windowsOptions)
			.map(({ at }) => refused(`${path}.${at}.securityContext.windowsOptions`)),
	];
}

const SYSCTL_SEGMENT = "[a-z0-9]([-_a-z0-9]*[a-z0-9])?";
const SYSCTL = `^(${SYSCTL_SEGMENT}[\\./])*${SYSCTL_SEGMENT}$`;
const MAX_SYSCTL = 253;

function sysctlErrors(sysctls: readonly Sysctl[], spec: PodSpec, path: string): FieldError[] {
	const pattern = new RegExp(SYSCTL);
	const seen = new Set<string>();
	return sysctls.flatMap(({ name = "" }, index) => {
		const field = `${path}[${index}].name`;
		const errors = [...nameErrors(), ...hostSysctlErrors(name, spec, field)];
		seen.add(name);
		return errors;

		function nameErrors(): FieldError[] {
			if (!name) return [required(field)];
			if (name.length > MAX_SYSCTL || !pattern.test(name))
				return [
					invalidValue(field, name, `must have at most ${MAX_SYSCTL} characters and match regex ${SYSCTL}`),
				];
			return seen.has(name) ? [duplicate(field, name)] : [];
		}
	});
}

function hostSysctlErrors(name: string, spec: PodSpec, field: string): FieldError[] {
	const dotted = name.replaceAll("/", ".");
	if (spec.hostNetwork && dotted.startsWith("net."))
		return [invalidValue(field, name, "may not be specified when 'hostNetwork' is true")];
	const isIpc = /^(kernel\.(shm|msg|sem)|fs\.mqueue\.)/.test(dotted);
	return spec.hostIPC && isIpc
		? [invalidValue(field, name, "may not be specified when 'hostIPC' is true")]
		: [];
}

function seccompErrors(profile: SeccompProfile | undefined | null, path: string): FieldError[] {
	if (!profile) return [];
	const field = `${path}.localhostProfile`;
	const { type, localhostProfile } = profile;
	const untyped = type ? [] : [required(`${path}.type`, "type is required when seccompProfile is set")];
	if (type === "Localhost")
		return localhostProfile === undefined || localhostProfile === null
			? [required(field, "must be set when seccomp type is Localhost")]
			: localPath(field, localhostProfile);
	return localhostProfile === undefined || localhostProfile === null
		? untyped
		: [...untyped, invalidValue(field, profile, "can only be set when seccomp type is Localhost")];
}

const MAX_PATH = 4095;

function appArmorErrors(profile: AppArmorProfile | undefined | null, path: string): FieldError[] {
	if (!profile) return [];
	const field = `${path}.localhostProfile`;
	const { type, localhostProfile } = profile;
	if (!type) return [required(`${path}.type`, "type is required when appArmorProfile is set")];
	if (type !== "Localhost")
		return localhostProfile === undefined || localhostProfile === null
			? []
			: [invalidValue(field, localhostProfile, "can only be set when AppArmor type is Localhost")];
	if (!localhostProfile?.trim()) return [required(field, "must be set when AppArmor type is Localhost")];
	return [
		...(localhostProfile.trim() === localhostProfile
			? []
			: [invalidValue(field, localhostProfile, "must not be padded with whitespace")]),
		...(localhostProfile.length > MAX_PATH ? [tooLong(field, MAX_PATH)] : []),
	];
}
