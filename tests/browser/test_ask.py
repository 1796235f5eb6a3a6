"""Asking in the page: citations, follow-ups, corrections of how a question was read, conversations kept."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from tests.browser.conftest import BOX_HAS_FOCUS, QUESTION, ask, downloaded, open_tab, visitor

CLIPBOARD_WITH = """async sign => {
  for (let tries = 0; tries < 200; tries++) {
    const text = await navigator.clipboard.readText();
    if (text.includes(sign)) return text;
    await new Promise(done => setTimeout(done, 50));
  }
  return "";
}"""


def test_first_run_offers_questions_on_the_sample_and_says_how_to_bring_papers(page: Any) -> None:
    assert "bundled sample" in page.locator(".prose.cw-head").inner_text()
    page.locator(".cw-examples button").nth(2).wait_for()
    page.get_by_role("button", name=re.compile("HybridFlow raise")).click()
    page.locator(".cw-status").first.wait_for()
    assert "20.57x" in page.locator(".cw-chat").inner_text()
    assert not page.locator(".cw-examples").is_visible()


def test_a_citation_opens_the_abstract_with_the_quote_marked(page: Any) -> None:
    turn = ask(page, QUESTION)
    claim = turn.locator(".cw-claim", has_text="20.57x")
    claim.locator("a.cw-cite").first.click()
    marked = page.locator("mark:target")
    marked.wait_for()
    assert marked.inner_text() in claim.inner_text()
    box = marked.bounding_box()
    assert box is not None
    assert 0 <= box["y"] <= 900  # scrolled to
    assert "HybridFlow" in page.locator(".cw-paper:visible h3").inner_text()
    assert page.locator(".cw-paper:visible").count() == 1
    assert "Answered" in turn.locator(".cw-status").inner_text()


def test_a_paper_that_was_only_considered_can_be_read_too(page: Any) -> None:
    turn = ask(page, QUESTION)
    turn.locator(".cw-considered summary").last.click()
    unused = turn.locator(".cw-considered li", has_not_text="used").first
    unused.locator("a").click()
    assert page.locator(".cw-paper:visible h3").inner_text() in unused.inner_text()


def test_a_verdict_explains_itself(page: Any) -> None:
    mark = ask(page, QUESTION).locator(".cw-verdict").first
    assert "Supported" in mark.get_attribute("aria-label")
    mark.focus()
    shown = "element => getComputedStyle(element, '::after').content"
    assert "Supported" in mark.evaluate(shown)


def test_a_follow_up_shows_how_it_was_read_and_can_be_asked_as_written(page: Any) -> None:
    ask(page, QUESTION)
    turn = ask(page, "does it need one controller?", turn=1)
    assert "Read as: does HybridFlow need one controller?" in turn.locator(".cw-read").inner_text()
    turn.get_by_role("button", name="as I wrote it").click()
    page.locator(".cw-read").wait_for(state="detached")
    assert page.locator(".cw-turn").count() == 2


def test_a_filter_that_was_read_from_the_question_can_be_taken_back(page: Any) -> None:
    turn = ask(page, "Which papers since 2024 combine offline data with online RL?")
    chip = turn.locator(".cw-filter")
    assert "year 2024 or later" in chip.inner_text()
    chip.get_by_role("button").click()
    page.locator(".cw-filter").wait_for(state="detached")
    page.locator(".cw-past .cw-status").wait_for()
    assert page.locator(".cw-turn").count() == 1


def test_filters_can_be_changed(page: Any) -> None:
    turn = ask(page, "Which papers since 2024 combine offline data with online RL?")
    turn.get_by_role("button", name="change filters").click()
    page.wait_for_function(BOX_HAS_FOCUS)  # else it takes the focus from the field in which something is being typed
    page.get_by_role("button", name="Filters", exact=False).last.click()
    year = page.get_by_label("From year")
    assert year.input_value() == "2024"
    year.fill("soon")
    page.get_by_role("button", name="Ask", exact=True).click()
    assert "no year" in page.get_by_role("alert").inner_text()
    assert page.locator(".cw-past .cw-turn").count() == 1  # nothing is lost


def test_a_question_can_be_edited_and_what_followed_is_kept_as_it_was(page: Any) -> None:
    ask(page, QUESTION)
    ask(page, "does it need one controller?", turn=1)
    page.get_by_role("button", name="Edit").first.click()
    box = page.get_by_label("Your question")
    page.locator(".cw-editing").wait_for()
    assert box.input_value() == QUESTION
    box.fill("What does DR-PO reset to?")
    page.get_by_role("button", name="Ask", exact=True).click()
    page.get_by_role("heading", name="What does DR-PO reset to?").wait_for()
    page.locator(".cw-now").wait_for(state="detached")
    assert page.locator(".cw-past .cw-turn").count() == 1
    page.locator(".cw-editing").wait_for(state="hidden")
    page.get_by_role("status").filter(has_text="the one before is kept").wait_for()
    assert page.locator(".cw-sessions li").count() == 2
    page.locator(".cw-sessions li").get_by_role("button", name=QUESTION).click()
    page.locator(".cw-past .cw-turn").nth(1).wait_for()
    assert page.get_by_role("heading", name=QUESTION).count() == 1


def test_a_question_in_the_middle_branches_off_with_what_was_said_before_it(page: Any) -> None:
    ask(page, QUESTION)
    ask(page, "does it need one controller?", turn=1)
    ask(page, "What does DR-PO reset to?", turn=2)
    page.get_by_role("button", name="Edit").nth(1).click()
    page.locator(".cw-editing").wait_for()
    assert "new conversation" in page.locator(".cw-editing").inner_text()
    page.wait_for_function(BOX_HAS_FOCUS)  # wherever that was pressed
    box = page.get_by_label("Your question")
    box.fill("does it run on GPUs?")
    page.get_by_role("button", name="Ask", exact=True).click()
    page.get_by_role("heading", name="does it run on GPUs?").wait_for()
    page.get_by_role("status").filter(has_text="the one before is kept").wait_for()
    assert page.locator(".cw-past .cw-turn").count() == 2
    assert "HybridFlow" in page.locator(".cw-read").inner_text()
    assert "branched from" in page.locator(".cw-sessions .cw-here").inner_text()
    page.get_by_role("button", name="Edit").last.click()
    page.locator(".cw-editing").wait_for()
    assert "replaces question 2" in page.locator(".cw-editing").inner_text()  # nothing follows it
    page.locator(".cw-sessions li").nth(1).get_by_role("button").first.click()
    page.locator(".cw-past .cw-turn").nth(2).wait_for()


def test_ratings_and_comments_stay(page: Any) -> None:
    turn = ask(page, QUESTION)
    turn.get_by_role("button", name="Bad").click()
    page.get_by_label("What about it?").fill("<b>too short</b>")
    page.get_by_role("button", name="Keep", exact=True).click()
    page.locator("input[name=value][value*='too short']").wait_for(state="attached")  # as the server gives it back
    page.reload()
    page.get_by_label("What about it?").wait_for()
    assert page.get_by_label("What about it?").input_value() == "<b>too short</b>"
    assert page.get_by_role("button", name="Bad").get_attribute("aria-pressed") == "true"


def test_an_answer_is_copied_with_its_citations(page: Any) -> None:
    turn = ask(page, QUESTION)
    for button, sign in (("Markdown", "[^1]"), ("LaTeX", "\\cite{"), ("plain text", " [1]")):
        turn.get_by_role("button", name=button).click()
        copied = page.evaluate(CLIPBOARD_WITH, sign)
        assert "20.57" in copied


def test_a_refusal_is_visible(page: Any) -> None:
    turn = ask(page, "best time of year to hike the Tour du Mont Blanc?")
    assert "No matching paper" in turn.locator(".cw-status").inner_text()


def test_a_conversation_resumes_after_a_reload_with_its_citations(page: Any) -> None:
    turn = ask(page, QUESTION)
    said = turn.locator(".cw-claim").first.inner_text()
    page.reload()
    again = page.locator(".cw-past .cw-turn").first
    again.wait_for()
    assert again.locator(".cw-claim").first.inner_text() == said
    again.locator("a.cw-cite").first.click()
    assert page.locator("mark:target").inner_text() in said
    ask(page, "does it need one controller?", turn=1)
    assert "HybridFlow" in page.locator(".cw-read").inner_text()


def test_conversations_are_listed_found_renamed_exported_and_deleted(page: Any, tmp_path: Path) -> None:
    ask(page, QUESTION)
    page.get_by_role("button", name="New conversation").click()
    page.locator(".cw-turn").first.wait_for(state="detached")
    ask(page, "What does DR-PO reset to?")
    items = page.locator(".cw-sessions li")
    assert items.count() == 2
    page.get_by_label("Find a conversation").fill("throughput")
    page.locator(".cw-sessions li").nth(1).wait_for(state="detached")
    items.first.get_by_role("button").first.click()
    page.get_by_role("heading", name=QUESTION).wait_for()
    items.first.locator("summary").click()
    items.first.get_by_label("Title").fill("Through <i>put</i>")
    items.first.get_by_role("button", name="Rename").click()
    page.get_by_text("Through <i>put</i>").first.wait_for()
    told = json.loads(downloaded(page, items.first.get_by_role("button", name="JSON"), tmp_path).read_text("utf-8"))
    assert told["title"] == "Through <i>put</i>"
    (quote,) = {c["quote"] for c in told["turns"][0]["answer"]["claims"][0]["citations"]}
    written = downloaded(page, items.first.get_by_role("button", name="Markdown"), tmp_path).read_text("utf-8")
    assert "20.57" in quote + written
    page.on("dialog", lambda dialog: dialog.accept())
    items.first.get_by_role("button", name="Delete").click()
    page.get_by_text("No conversation has these words").wait_for()
    assert page.locator(".cw-turn").count() == 0


def test_an_address_of_nobody_opens_a_new_conversation(sample_server: str, browser: Any) -> None:
    with visitor(browser, f"{sample_server}?chat=does-not-exist") as page:
        page.get_by_role("alert").wait_for()
        assert page.locator(".cw-turn .cw-claim").count() == 0
        ask(page, QUESTION)
        assert "does-not-exist" not in page.url


def test_only_the_selected_papers_are_asked(page: Any) -> None:
    open_tab(page, "Library")
    page.get_by_label("Find", exact=True).fill("chang2024dataset")
    page.get_by_text("1–1 of 1 papers").wait_for()
    page.locator("#c-chang2024dataset").check()
    page.get_by_text("1 selected").wait_for()
    open_tab(page, "Ask")
    page.get_by_role("button", name="Filters", exact=False).last.click()
    page.get_by_label("Only the papers selected in the library").first.check()
    turn = ask(page, "What does DR-PO reset to?")
    assert "key chang2024dataset" in turn.locator(".cw-filter").inner_text()
    turn.locator(".cw-considered summary").last.click()
    assert turn.locator(".cw-considered li").count() == 1


def test_a_question_put_twice_is_answered_once_and_a_reload_in_between_loses_nothing(page: Any) -> None:
    box = page.get_by_label("Your question")
    box.fill(QUESTION)
    box.press("Enter")
    page.get_by_role("button", name="Ask", exact=True).click()
    page.wait_for_url("**chat=*")
    page.reload()
    page.locator(".cw-past .cw-status").first.wait_for()
    page.locator(".cw-now").wait_for(state="detached")
    assert page.locator(".cw-past .cw-turn").count() == 1
