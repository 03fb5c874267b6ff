/** Defaults of what webhooks and policies match. */
import { change, fillAbsent, mapSame } from "../fill.ts";
import type { MatchResources, RuleWithOperations } from "./match.ts";
import type { ValidatingWebhook } from "./validating-webhook-configuration.ts";

const DEFAULT_TIMEOUT = 10;
const HTTPS = 443;

export const withRuleDefaults = <R extends RuleWithOperations>(rules: readonly R[]): readonly R[] =>
	mapSame(rules, (rule) => fillAbsent<R>(rule, { scope: "*" } as Partial<R>));

export function matchDefaults(match: MatchResources): MatchResources {
	const filled = fillAbsent(match, { matchPolicy: "Equivalent", namespaceSelector: {}, objectSelector: {} });
	return change(change(filled, "resourceRules", withRuleDefaults), "excludeResourceRules", withRuleDefaults);
}

export function webhookDefaults<W extends ValidatingWebhook>(webhook: W): W {
	const defaults: Partial<ValidatingWebhook> = {
		failurePolicy: "Fail",
		matchPolicy: "Equivalent",
		namespaceSelector: {},
		objectSelector: {},
		timeoutSeconds: DEFAULT_TIMEOUT,
	};
	const filled: ValidatingWebhook = fillAbsent<ValidatingWebhook>(webhook, defaults);
	const ruled = change(filled, "rules", withRuleDefaults);
	const whole = change(ruled, "clientConfig", (config) =>
		change(config, "service", (service) => fillAbsent(service, { port: HTTPS })),
	);
	return whole as W;
}
