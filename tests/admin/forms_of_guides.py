"""What a browser sends of a guide."""


def fields(**changed: str) -> dict[str, str]:
    """Return the fields of a small guide that is right; `__` stands for a dot."""
    right = {
        "applicants.zh": "所有居民",
        "applicants.en": "Every resident",
        "materials.0.name.zh": "身份证",
        "materials.0.name.en": "ID card",
        "materials.0.original": "yes",
        "materials.0.copies": "2",
        "materials.0.is_required": "on",
        "materials.1.name.zh": "户口本",
        "materials.1.name.en": "Household register",
        "steps.0.name.zh": "交材料",
        "steps.0.name.en": "Hand it in",
        "legal_limit.amount": "20",
        "legal_limit.unit": "working_days",
        "fee.is_charged": "no",
        "place.zh": "本站",
        "place.en": "Here",
        "contacts.0.name.zh": "热线",
        "contacts.0.name.en": "Hotline",
        "contacts.0.phone": "12345",
        "questions.0.question.zh": "要预约吗？",
        "questions.0.question.en": "Must I book?",
        "questions.0.answer.zh": "不用。",
        "questions.0.answer.en": "No.",
        "source.zh": "部门网站",
        "source.en": "The department's site",
        "compiled_on": "2026-11-20",
    }
    return right | {name.replace("__", "."): value for name, value in changed.items()}
