package dev.heartwood.inspector;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.TakesScreenshot;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

/**
 * A real Chromium, used as a person uses it: mouse, keyboard, eyes. Where Debian's packages chromium and chromium-driver
 * are not installed, the test that wants one is skipped, and says so.
 */
final class Browser implements AutoCloseable {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    static Browser start() {
        boolean there = Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER);
        if (!there) {
            System.err.println("SKIPPED: no browser here, so nobody has looked at the page of the inspector."
                    + " Install Debian's packages chromium and chromium-driver.");
        }
        Assumptions.assumeTrue(there, "needs " + CHROMIUM + " and " + DRIVER);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(CHROMIUM.toFile());
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--force-color-profile=srgb");
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(DRIVER.toFile())
                .usingAnyFreePort()
                .withSilent(true)
                .build();
        ChromeDriver driver = new ChromeDriver(service, options);
        driver.manage().timeouts().pageLoadTimeout(Duration.ofMinutes(3));
        Browser browser = new Browser(driver);
        browser.size(1440, 900);
        return browser;
    }

    /** Opens a page and waits until it shows something. */
    Browser open(URI address) {
        driver.get("about:blank");
        driver.get(address.toString());
        waitFor("the page shows its recording", () -> "yes".equals(dataset("ready")));
        return this;
    }

    Browser open(Path file, String fragment) {
        return open(URI.create(file.toUri() + fragment));
    }

    /** Goes to an empty page: the server of the last page may end now. */
    void leave() {
        driver.get("about:blank");
    }

    /** Takes note of messages that were expected. */
    void forgetMessages() {
        console();
    }

    void size(int width, int height) {
        driver.manage().window().setSize(new Dimension(width, height));
    }

    void dark(boolean dark) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    }

    /** The version that is shown. */
    String version() {
        return dataset("drawn");
    }

    void waitForVersion(long version) {
        waitFor("version " + version + " is shown", () -> Long.toString(version).equals(version()));
    }

    WebElement find(String selector) {
        return driver.findElement(By.cssSelector(selector));
    }

    List<WebElement> all(String selector) {
        return driver.findElements(By.cssSelector(selector));
    }

    /** The texts of all elements that are there. */
    List<String> texts(String selector) {
        Object texts = run(
                "return [...document.querySelectorAll(arguments[0])].map(e => e.innerText.replace(/\\s+/g, ' ').trim())",
                selector);
        return ((List<?>) texts).stream().map(String::valueOf).toList();
    }

    String text(String selector) {
        return find(selector).getText().replaceAll("\\s+", " ").strip();
    }

    /** The transient message. It fades in, and an invisible text reads as empty. */
    String toast() {
        waitFor("a message", () -> !text("#toast").isEmpty());
        return text("#toast");
    }

    void click(String selector) {
        find(selector).click();
    }

    /** Clicks on the first row of a list that contains a text. */
    void clickRow(String list, String text) {
        rowOf(list, text).click();
    }

    WebElement rowOf(String list, String text) {
        waitFor("a row with " + text, () -> all(list + " .row").stream().anyMatch(row -> shows(row, text)));
        return all(list + " .row").stream()
                .filter(row -> shows(row, text))
                .findFirst()
                .orElseThrow();
    }

    private static boolean shows(WebElement row, String text) {
        return row.getText().replaceAll("\\s+", " ").contains(text);
    }

    void moveTo(WebElement element) {
        new Actions(driver).moveToElement(element).perform();
    }

    void clickAt(String selector, double share) {
        WebElement element = find(selector);
        int width = element.getSize().getWidth();
        new Actions(driver)
                .moveToElement(element, (int) (width * (share - 0.5)), 0)
                .click()
                .perform();
    }

    /** Types into the focused element. */
    void type(CharSequence... keys) {
        new Actions(driver).sendKeys(keys).perform();
    }

    void write(String selector, String text) {
        WebElement field = find(selector);
        field.click();
        field.sendKeys(Keys.chord(Keys.CONTROL, "a"), text);
    }

    Object run(String script, Object... arguments) {
        return ((JavascriptExecutor) driver).executeScript(script, arguments);
    }

    String address() {
        return driver.getCurrentUrl();
    }

    void waitFor(String what, java.util.function.BooleanSupplier holds) {
        new WebDriverWait(driver, PATIENCE, Duration.ofMillis(50))
                .ignoring(org.openqa.selenium.StaleElementReferenceException.class)
                .withMessage(() ->
                        "waited for: " + what + "; failure shown: " + text("#failure") + "; console: " + console())
                .until(any -> holds.getAsBoolean());
    }

    Path screenshot(String name) {
        try {
            Path folder = Files.createDirectories(Path.of("target", "screenshots"));
            return Files.write(
                    folder.resolve(name + ".png"), ((TakesScreenshot) driver).getScreenshotAs(OutputType.BYTES));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Fails if the page logged anything since the last call: no error, no warning, no refused resource. */
    void assertQuiet() {
        assertThat(console()).as("messages in the browser's console").isEmpty();
    }

    private List<String> console() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(LogEntry::toString)
                .toList();
    }

    private String dataset(String name) {
        return String.valueOf(run("return document.documentElement.dataset[arguments[0]]", name));
    }

    @Override
    public void close() {
        driver.quit();
    }
}
