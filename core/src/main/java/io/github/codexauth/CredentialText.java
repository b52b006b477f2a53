package io.github.codexauth;

/** Looks at a pasted credential before Codex does, which would answer a wrong one with a 401 after seconds. */
final class CredentialText {
    private static final int LONGEST = 64 * 1024;

    private CredentialText() {}

    /** Takes the white space off both ends, which secret stores and editors like to add, and refuses the rest. */
    static SecretText require(SignInMode mode, String text, String option) throws InvalidCredentialException {
        String kind = mode.label();
        String value = text.strip();
        if (value.isEmpty()) {
            throw new InvalidCredentialException(
                    "the " + kind + " is empty",
                    "put the " + kind + " into the file or variable that " + option + " reads");
        }
        if (value.startsWith("{")) {
            throw new InvalidCredentialException(
                    "the " + kind + " looks like JSON, as in an auth.json",
                    "for an auth.json use --id NAME with --seed-file FILE instead of " + option);
        }
        if (mode == SignInMode.ACCESS_TOKEN && value.startsWith("sk-")) {
            throw new InvalidCredentialException(
                    "an API key was found where an access token is expected",
                    "use --api-key-file instead of " + option);
        }
        if (mode == SignInMode.API_KEY && (value.startsWith("at-") || value.startsWith("eyJ"))) {
            throw new InvalidCredentialException(
                    "an access token was found where an API key is expected",
                    "use --access-token-file instead of " + option);
        }
        if (value.length() > LONGEST || !isPrintable(value)) {
            throw new InvalidCredentialException(
                    "the " + kind + " has characters that no " + kind + " has, or is longer than 64 KiB",
                    "store the " + kind + " alone, on one line");
        }
        return SecretText.of(value);
    }

    private static boolean isPrintable(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) <= ' ' || value.charAt(i) > '~') {
                return false;
            }
        }
        return true;
    }
}
