// Checks webhooks as a receiver on Node does, by npm's `standardwebhooks`: calls come in by stdin, verdicts go out.
//
//   node verify.cjs FOLDER_OF_THE_LIBRARIES

const { readFileSync } = require("node:fs");
const { Webhook, WebhookVerificationError } = require(`${process.argv[2]}/node_modules/standardwebhooks`);

const verdicts = JSON.parse(readFileSync(0, "utf8")).map(({ secret, isRaw, headers, body }) => {
    try {
        new Webhook(secret, isRaw ? { format: "raw" } : {}).verify(body, headers, { jsonParse: false });
        return true;
    } catch (error) {
        // Whatever else goes wrong is no verdict.
        if (!(error instanceof WebhookVerificationError)) throw error;
        return false;
    }
});
console.log(JSON.stringify(verdicts));
