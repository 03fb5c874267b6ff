/** What one check says: passed, or failed with a message in the words of Kubernetes' events. */
export interface CheckResult {
	readonly passed: boolean;
	readonly message: string;
	/** Of a check that passed, though not as it was meant to. */
	readonly warning?: string;
}

export const PASSED: CheckResult = { passed: true, message: "" };
export const failed = (message: string): CheckResult => ({ passed: false, message });

/** What a check needs to know of the container it checks. */
export interface CheckTarget {
	/** In the runtime. */
	readonly containerId: string;
	/** Address of the pod. */
	readonly host: string;
	readonly ports: readonly { readonly name?: string | undefined; readonly containerPort: number }[];
}

const DIAL_ERRORS: Readonly<Record<string, string>> = {
	ECONNREFUSED: "connect: connection refused",
	EHOSTUNREACH: "connect: no route to host",
	ENETUNREACH: "connect: network is unreachable",
	ETIMEDOUT: "i/o timeout",
	ECONNRESET: "read: connection reset by peer",
	EPIPE: "write: broken pipe",
};

/** Why a connection failed, as Go says it. */
export function dialError(error: unknown, host: string, port: number): string {
	const { code = "", message } = error as NodeJS.ErrnoException;
	return `dial tcp ${host.includes(":") ? `[${host}]` : host}:${port}: ${DIAL_ERRORS[code] ?? message}`;
}

/** A port by number, or by the name that the container gives it. Undefined when there is none. */
export function portOf(port: number | string, { ports }: CheckTarget): number | undefined {
	const named = ports.find(({ name }) => name === port)?.containerPort;
	const number = named ?? Number(port);
	return Number.isInteger(number) && number > 0 && number < 65_536 ? number : undefined;
}
