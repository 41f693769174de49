#!/usr/bin/env python3
"""Writes the corpora beside it: ordinary text of four kinds with nothing secret in it, the same bytes in every run.

Each is a list of prompts with a line of "%%" between them. They are for two figures: how fast text is scanned, and how often ordinary text
raises a label (docs/reference/detectors.md). So they carry what looks like a secret and is none: order numbers, ISBNs, UUIDs, hashes,
versions, timestamps, amounts, public documentation addresses.
"""
import hashlib
import pathlib
import random
import uuid

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parents[2]

EN = {
    "who": "the team|our supplier|a customer in Busan|the auditor|my manager|the new intern|a colleague from finance|the board|the support desk|"
           "our partner in Lisbon|the project office|the plant manager|every second reader|the author|a neighbour of mine|the committee".split("|"),
    "did": "asked for|rewrote|sent back|would like to see|has been waiting for|disagreed with|summarised|approved|postponed|forgot|translated|"
           "compared|doubted|printed|presented|withdrew".split("|"),
    "what": "the quarterly report|a shorter version of the introduction|the minutes of the last meeting|an offer for forty chairs|the plan for the move|"
            "a list of open questions|the password policy|the terms of the card programme|the second chapter|the translation of the manual|"
            "a table of all deliveries|the new price list|an apology for the delay|the account of the journey|the secret of good bread|"
            "the key findings|a token of thanks|the test results".split("|"),
    "when": "before the end of the week|on {date}|at {time}|last spring|as soon as the figures are in|for the third time|without much hope|"
            "in version {version}|under order {order}|for {amount} dollars|with reference {ref}|after page {page}|in room {room}".split("|"),
    "ask": "Please rewrite this in a friendlier tone.|What would you change, and why?|Summarise it in three sentences.|Translate it into Korean.|"
           "Is the reasoning sound? Say so plainly.|Make a table of the facts.|Which of these points is the weakest?|Explain it to a beginner.|"
           "How long would that take two people?|Give me five titles.".split("|"),
}
KO = {
    "who": "우리 팀은|부산의 한 고객이|감사 담당자가|새로 온 인턴이|재무팀 동료가|이사회는|고객 지원 창구는|리스본의 협력사가|프로젝트 사무국은|"
           "공장장이|독자 두 명 중 한 명은|글쓴이는|이웃 한 분이|위원회는".split("|"),
    "what": "분기 보고서를|서론을 줄인 원고를|지난 회의록을|의자 마흔 개의 견적을|이사 계획을|남은 질문 목록을|비밀번호 정책을|카드 제도의 약관을|"
            "둘째 장을|설명서 번역을|배송 일정표를|새 가격표를|지연에 대한 사과문을|여행 기록을|주요 결과를|시험 성적을|계좌 개설 안내문을".split("|"),
    "when": "이번 주가 끝나기 전에|{date}에|{time}까지|지난봄에|숫자가 나오는 대로|세 번째로|큰 기대 없이|{version} 판에서|주문 {order}번으로|"
            "{amount}원에|문서 번호 {ref}로|{page}쪽 다음에|{room}호에서".split("|"),
    "did": "요청했습니다|다시 썼습니다|돌려보냈습니다|보고 싶어 합니다|기다리고 있습니다|찬성하지 않았습니다|요약했습니다|승인했습니다|미뤘습니다|"
           "잊었습니다|번역했습니다|비교했습니다|출력했습니다|발표했습니다".split("|"),
    "ask": "더 친근한 말투로 고쳐 주세요.|무엇을 왜 바꾸시겠습니까?|세 문장으로 요약해 주세요.|영어로 옮겨 주세요.|논리가 맞는지 솔직하게 말해 주세요.|"
           "사실만 표로 정리해 주세요.|가장 약한 대목은 어디입니까?|초보자에게 설명해 주세요.|제목 다섯 개를 지어 주세요.".split("|"),
}


def isbn(rng):
    body = [9, 7, 8] + [rng.randrange(10) for _ in range(9)]
    check = (10 - sum(d * (3 if i % 2 else 1) for i, d in enumerate(body)) % 10) % 10
    text = "".join(map(str, body)) + str(check)
    return f"ISBN {text[:3]}-{text[3]}-{text[4:8]}-{text[8:12]}-{text[12]}"


def facts(rng):
    return {
        "date": f"{rng.randrange(2019, 2027)}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}",
        "time": f"{rng.randrange(7, 20)}:{rng.randrange(60):02}",
        "version": f"{rng.randrange(12)}.{rng.randrange(30)}.{rng.randrange(400)}",
        "order": f"{rng.randrange(10**6, 10**7)}",
        "amount": f"{rng.randrange(10, 9000):,}",
        "ref": rng.choice([isbn(rng), f"A-{rng.randrange(10**4)}", str(uuid.UUID(int=rng.getrandbits(128), version=4))]),
        "page": rng.randrange(2, 400),
        "room": rng.randrange(101, 999),
    }


def prose(rng, words, order, full_stop, joiner):
    def sentence():
        parts = [rng.choice(words[k]) for k in order]
        text = joiner.join(parts).format(**facts(rng))
        return text[0].upper() + text[1:] + full_stop

    def prompt():
        paragraphs = []
        for _ in range(rng.randrange(1, 4)):
            paragraphs.append(" ".join(sentence() for _ in range(rng.randrange(2, 7))))
        if rng.random() < 0.3:
            paragraphs.append("\n".join(f"{n}. {sentence()}" for n in range(1, rng.randrange(3, 6))))
        return "\n\n".join(paragraphs + [rng.choice(words["ask"])])

    return prompt


def log_prompt(rng):
    at = rng.randrange(1_700_000_000, 1_790_000_000)

    def stamp(seconds):
        day, rest = divmod(seconds, 86400)
        return f"2026-{day % 12 + 1:02}-{day % 28 + 1:02}T{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}.{rng.randrange(10**6):06}Z"

    def hexes(n):
        return hashlib.sha256(str(rng.getrandbits(64)).encode()).hexdigest()[:n]

    lines = ["Why is this slow?" if rng.random() < 0.5 else "What went wrong here?"]
    kind = rng.randrange(4)
    for _ in range(rng.randrange(8, 40)):
        at += rng.randrange(3)
        if kind == 0:
            lines.append(f'10.{rng.randrange(256)}.{rng.randrange(256)}.{rng.randrange(256)} - - [{stamp(at)}] "GET /v1/items/{rng.randrange(10**8)}'
                         f'?page={rng.randrange(90)}&size=50 HTTP/1.1" {rng.choice([200, 200, 304, 404, 500])} {rng.randrange(10**6)} '
                         f'0.{rng.randrange(1000):03} "{uuid.UUID(int=rng.getrandbits(128), version=4)}"')
        elif kind == 1:
            lines.append(f"{stamp(at)} INFO [worker-{rng.randrange(64)}] c.e.batch.Step: read={rng.randrange(10**6)} written={rng.randrange(10**6)} "
                         f"skipped={rng.randrange(100)} took {rng.randrange(10**5)} ms")
        elif kind == 2:
            lines.append(f'{{"ts":{at}{rng.randrange(1000):03},"level":"info","trace":"{hexes(32)}","span":"{hexes(16)}","msg":"settled",'
                         f'"rows":{rng.randrange(10**5)},"cpu":0.{rng.randrange(10**6):06}}}')
        else:
            lines.append(f"commit {hexes(40)} {stamp(at)} +{rng.randrange(400)} -{rng.randrange(400)} build {rng.randrange(10**6)} "
                         f"v{rng.randrange(4)}.{rng.randrange(20)}.{rng.randrange(100)} {rng.randrange(10**9)} bytes")
    return "\n".join(lines)


def source_prompts(rng, size):
    """Pieces of this repository's own programs: C++, Python, YAML, shell. What holds examples of secrets is left out."""
    files = [p for folder in ("core", "providers", "gateway", "scripts", "load_tests", "cmake")
             for p in sorted((ROOT / folder).rglob("*")) if p.suffix in {".cpp", ".hpp", ".py", ".sh", ".cmake"} and "transcripts" not in p.parts]
    rng.shuffle(files)
    total = 0
    for path in files:
        text = path.read_text(encoding="utf-8")
        for at in range(0, len(text), 3000):
            piece = "Review this:\n" + text[at:at + 3000]
            total += len(piece)
            yield piece
            if total > size:
                return


def write(name, prompts):
    (HERE / name).write_text("\n%%\n".join(prompts) + "\n", encoding="utf-8")


def some(prompt, size):
    out, total = [], 0
    while total < size:
        out.append(prompt())
        total += len(out[-1].encode())
    return out


if __name__ == "__main__":
    write("prose_en.txt", some(prose(random.Random(1), EN, ("who", "did", "what", "when"), ".", " "), 200_000))
    write("prose_ko.txt", some(prose(random.Random(2), KO, ("who", "when", "what", "did"), ".", " "), 200_000))
    logs = random.Random(3)
    write("logs.txt", some(lambda: log_prompt(logs), 200_000))
    if not (HERE / "source_code.txt").exists():  # a snapshot: the repository goes on
        write("source_code.txt", source_prompts(random.Random(4), 200_000))
