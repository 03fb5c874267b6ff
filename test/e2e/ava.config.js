// On a lab of three hosts, through stock kubectl: `npm run e2e` makes the lab, runs these and removes it.
export default {
	files: ["test/e2e/**/*.test.ts"],
	extensions: ["ts"],
	// Files share the lab, and some of them kill its hosts.
	concurrency: 1,
	serial: true,
	failWithoutAssertions: false,
	timeout: "10m",
};
