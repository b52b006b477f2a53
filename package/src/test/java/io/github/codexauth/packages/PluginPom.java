package io.github.codexauth.packages;

import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.w3c.dom.Document;
import org.xml.sax.SAXException;

/** The Jenkins plugin's POM, read without its parent, which not every machine can fetch. */
record PluginPom(Document document) {
    private static final Pattern PROPERTY = Pattern.compile("\\$\\{([\\w.-]+)}");

    static PluginPom of(Path pom) throws IOException {
        try {
            return new PluginPom(
                    DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(pom.toFile()));
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException(pom.toString(), e);
        }
    }

    /**
     * What an element says, with what its own properties stand for.
     *
     * @param path such as {@code scm/url}
     * @return empty if there is no such element
     */
    String value(String path) {
        return PROPERTY.matcher(text(path)).replaceAll(found -> Matcher.quoteReplacement(standsFor(found.group(1))));
    }

    private String standsFor(String name) {
        String own = name.startsWith("project.") ? name.substring("project.".length()) : "properties/" + name;
        String value = value(own);
        return value.isEmpty() ? "${" + name + "}" : value;
    }

    private String text(String path) {
        try {
            return XPathFactory.newInstance().newXPath().evaluate("/project/" + path, document);
        } catch (XPathExpressionException e) {
            throw new IllegalArgumentException(path, e);
        }
    }
}
