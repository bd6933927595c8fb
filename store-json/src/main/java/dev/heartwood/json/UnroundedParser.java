package dev.heartwood.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import java.io.IOException;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * A parser for a mapper. It gives each decimal as the number that a tree holds, where the mapper asks for no type and would
 * otherwise get the nearest double.
 */
final class UnroundedParser extends JsonParserDelegate {
    private final DecimalLiteral literal = new DecimalLiteral();
    private final Decimals decimals;

    UnroundedParser(JsonParser parser, Decimals decimals) {
        super(parser);
        this.decimals = decimals;
    }

    @Override
    public NumberType getNumberType() throws IOException {
        return decimal() != null ? NumberType.BIG_DECIMAL : super.getNumberType();
    }

    @Override
    public NumberTypeFP getNumberTypeFP() throws IOException {
        return decimal() != null ? NumberTypeFP.BIG_DECIMAL : super.getNumberTypeFP();
    }

    @Override
    public Number getNumberValue() throws IOException {
        BigDecimal decimal = decimal();
        return decimal != null ? decimal : super.getNumberValue();
    }

    @Override
    public Number getNumberValueExact() throws IOException {
        BigDecimal decimal = decimal();
        return decimal != null ? decimal : super.getNumberValueExact();
    }

    /** For a mapper that sets a value aside, since it meets the type only later. */
    @Override
    public Object getNumberValueDeferred() throws IOException {
        BigDecimal decimal = decimal();
        return decimal != null ? decimal : super.getNumberValueDeferred();
    }

    /** The current number if a tree holds it as a decimal. */
    private @Nullable BigDecimal decimal() throws IOException {
        if (!hasToken(JsonToken.VALUE_NUMBER_FLOAT)) {
            return null;
        }
        Number number = literal.read(getTextCharacters(), getTextOffset(), getTextLength(), decimals);
        return number instanceof BigDecimal decimal ? decimal : null;
    }
}
