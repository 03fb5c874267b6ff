/** Who a container runs as and what it may. */
import { readFile } from "node:fs/promises";
import { join, normalize } from "node:path";
import type { Container, Pod, SeccompProfile } from "@berth/api";
import type { Security } from "../../runtime/container-spec.ts";
import type { Images } from "../../runtime/runtime.ts";
import { type PodStep, StepError } from "../step.ts";

export interface SecurityOptions {
	readonly runtime: Images;
	/** Directory of seccomp profiles that pods name. */
	readonly profiles: string;
	/** Containers that name no seccomp profile get the engine's default, not none. */
	readonly seccompDefault: boolean;
}

export function securityStep({ runtime, profiles, seccompDefault }: SecurityOptions): PodStep {
	return {
		name: "security",
		sandbox(spec, pod) {
			const sysctls = (pod.spec.securityContext?.sysctls ?? []).map(({ name, value }) => [name, value]);
			return { ...spec, security: { ...spec.security, sysctls: Object.fromEntries(sysctls) } };
		},
		async container(spec, { pod, container }) {
			const imageUser = (await runtime.image(container.image ?? ""))?.user ?? "";
			checkNonRoot(pod, container, imageUser);
			const profile = container.securityContext?.seccompProfile ?? pod.spec.securityContext?.seccompProfile;
			const seccomp = await seccompOf(
				profile ?? { type: seccompDefault ? "RuntimeDefault" : "Unconfined" },
				profiles,
			);
			return { ...spec, security: { ...securityOf(pod, container, imageUser), ...(seccomp && { seccomp }) } };
		},
	};
}

/** All but the seccomp profile. Pure. */
export function securityOf(pod: Pod, { securityContext: own = {} }: Container, imageUser: string): Security {
	const shared = pod.spec.securityContext ?? {};
	const { fsGroup, supplementalGroups = [] } = shared;
	const uid = own.runAsUser ?? shared.runAsUser;
	const gid = own.runAsGroup ?? shared.runAsGroup;
	const user = uid === undefined ? imageUser.replace(/:.*/, "") || "0" : `${uid}`;
	const armor = own.appArmorProfile ?? shared.appArmorProfile;
	const label = Object.entries({ ...shared.seLinuxOptions, ...own.seLinuxOptions });
	const names = (capabilities: readonly string[] = []) =>
		capabilities.map((name) => name.replace(/^CAP_/, ""));
	return {
		// Untouched, the image's own user and group hold.
		...((uid !== undefined || gid !== undefined) && { user: gid === undefined ? user : `${user}:${gid}` }),
		groups: [...supplementalGroups, ...(fsGroup === undefined ? [] : [fsGroup])],
		privileged: own.privileged ?? false,
		addCapabilities: names(own.capabilities?.add),
		dropCapabilities: names(own.capabilities?.drop),
		readOnlyRoot: own.readOnlyRootFilesystem ?? false,
		noNewPrivileges: own.allowPrivilegeEscalation === false,
		...(armor?.type === "Unconfined" && { appArmor: "unconfined" }),
		...(armor?.type === "Localhost" && { appArmor: armor.localhostProfile }),
		...(label.length > 0 && { seLinux: label.map(([part, value]) => `${part}:${value}`) }),
		unmasked: own.procMount === "Unmasked",
		sysctls: {},
	};
}

function checkNonRoot(pod: Pod, { name, securityContext: own }: Container, imageUser: string): void {
	const shared = pod.spec.securityContext;
	if (!(own?.runAsNonRoot ?? shared?.runAsNonRoot)) return;
	const uid = own?.runAsUser ?? shared?.runAsUser;
	const where = `(pod: "${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})", container: ${name})`;
	const refuse = (message: string) => {
		throw new StepError("CreateContainerConfigError", `${message} ${where}`);
	};
	if (uid === 0) refuse("container's runAsUser breaks non-root policy");
	if (uid !== undefined) return;
	const user = imageUser.replace(/:.*/, "");
	if (user === "" || user === "0") refuse("container has runAsNonRoot and image will run as root");
	if (!/^\d+$/.test(user)) {
		refuse(
			`container has runAsNonRoot and image has non-numeric user (${user}), cannot verify user is non-root`,
		);
	}
}

/** Undefined for the engine's default. */
async function seccompOf(profile: SeccompProfile, directory: string): Promise<string | undefined> {
	if (profile.type === "Unconfined") return "unconfined";
	if (profile.type !== "Localhost") return undefined;
	const path = normalize(profile.localhostProfile ?? "");
	try {
		if (path.startsWith("/") || path.startsWith(".."))
			throw new Error("it must be below the profiles' directory");
		return await readFile(join(directory, path), "utf8");
	} catch (error) {
		throw new StepError(
			"CreateContainerConfigError",
			`cannot load seccomp profile ${JSON.stringify(profile.localhostProfile)}: ${error instanceof Error ? error.message : error}`,
		);
	}
}
