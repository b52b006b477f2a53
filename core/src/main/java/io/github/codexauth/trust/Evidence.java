package io.github.codexauth.trust;

/** How well a fact is proven. Later ones are better. */
public enum Evidence {
    /** A variable or file that the job itself could have written. */
    DECLARED,
    /** A token signed by the CI system, whose signature was checked. */
    SIGNED,
    /** An object of the CI controller, which no job can touch. */
    CONTROLLER
}
