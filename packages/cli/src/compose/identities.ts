/** As whom the parts of the control plane come in through the front door. Their rights are in the API server's policy. */
import type { UserInfo } from "@berth/api";

const AUTHENTICATED = "system:authenticated";

/** The API server where it is a client of itself. */
export const API_SERVER: UserInfo = {
	username: "system:apiserver",
	groups: ["system:masters", AUTHENTICATED],
};

export const SCHEDULER: UserInfo = { username: "system:kube-scheduler", groups: [AUTHENTICATED] };

/** Whose informers all controllers share. */
export const CONTROLLER_MANAGER: UserInfo = {
	username: "system:kube-controller-manager",
	groups: [AUTHENTICATED],
};

/** Each controller writes as itself, with no more rights than its work needs. */
export function controllerIdentity(name: string): UserInfo {
	return {
		username: `system:serviceaccount:kube-system:${accountOf(name)}`,
		groups: ["system:serviceaccounts", "system:serviceaccounts:kube-system", AUTHENTICATED],
	};
}

export function accountOf(name: string): string {
	return name.endsWith("-controller") ? name : `${name}-controller`;
}
