package io.github.codexauth.standin;

/** What the token endpoint does with a refresh. */
public sealed interface RefreshAnswer {
    /** Rotates the tokens and answers with the new ones. */
    record Grant() implements RefreshAnswer {}

    /** Refuses with a status and an error code, rotating nothing. */
    record Fail(int status, String code) implements RefreshAnswer {}

    /** Never answers, rotating nothing. */
    record Hang() implements RefreshAnswer {}

    /** Closes the connection without an answer, before or after the tokens were rotated. */
    record Drop(boolean afterRotating) implements RefreshAnswer {}

    /** Rotates, and answers when the gate is opened. */
    record Late(Gate gate) implements RefreshAnswer {}
}
