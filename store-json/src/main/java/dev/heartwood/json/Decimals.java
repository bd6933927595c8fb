package dev.heartwood.json;

/** What becomes of a number with a point or an exponent. */
public enum Decimals {
    /** A {@code Double} where the shortest decimal of the nearest double says the number, else a {@code BigDecimal}. */
    SHORTEST,
    /** A {@code BigDecimal} always, with the scale that is written. */
    EXACT
}
