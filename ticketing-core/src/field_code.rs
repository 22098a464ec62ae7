//! The codes of what can be wrong with a field.

crate::model::words! {
    /// What is wrong with a field, for programs. A code never changes its meaning; what is told of it in other languages is
    /// found by it.
    FieldCode {
        /// It is not there or empty.
        Required = 0 "required",
        /// It is another kind of value.
        Type = 1 "type",
        /// There is no such field.
        UnknownField = 2 "unknown_field",
        /// There is no such parameter.
        UnknownParameter = 3 "unknown_parameter",
        /// A condition has no such part.
        UnknownKey = 4 "unknown_key",
        /// It is none of the words that there are.
        UnknownValue = 5 "unknown_value",
        /// What it names is not there.
        Unknown = 6 "unknown",
        /// What it names is no longer in use.
        Inactive = 7 "inactive",
        /// It is written in a way that means nothing here.
        InvalidValue = 8 "invalid_value",
        /// It is neither an id nor a number of a ticket.
        Format = 9 "format",
        /// Its encoding can't be read.
        Malformed = 10 "malformed",
        /// It has too few characters.
        TooShort = 11 "too_short",
        /// It has too many characters, bytes or values.
        TooLong = 12 "too_long",
        /// It has too few or too many characters.
        Length = 13 "length",
        /// It has too many entries.
        TooMany = 14 "too_many",
        /// It has too many bytes.
        TooLarge = 15 "too_large",
        /// The number or duration is too small or too large.
        OutOfRange = 16 "out_of_range",
        /// The number has too many digits behind the point.
        TooPrecise = 17 "too_precise",
        /// It is nested too deep.
        TooDeep = 18 "too_deep",
        /// The moment lies too far away.
        TooFar = 19 "too_far",
        /// The moment has to lie in the future.
        Past = 20 "past",
        /// The moment may not lie in the future.
        Future = 21 "future",
        /// It is no moment.
        NotATime = 22 "not_a_time",
        /// It has a day in common with another.
        Overlap = 23 "overlap",
        /// It has a character that nobody sees.
        ControlCharacter = 24 "control_character",
        /// It has a comma, which parts values elsewhere.
        Comma = 25 "comma",
        /// There is nothing in it.
        Empty = 26 "empty",
        /// It is no mail.
        Unreadable = 27 "unreadable",
        /// It is no email address.
        NotAnAddress = 28 "not_an_address",
        /// It can't be called that.
        BadName = 29 "bad_name",
        /// Another has it already.
        Duplicate = 30 "duplicate",
        /// It is given more than once.
        Repeated = 31 "repeated",
        /// It was used for something else before.
        Reused = 32 "reused",
        /// It is given in two ways.
        Ambiguous = 33 "ambiguous",
        /// It contradicts something else that is said.
        Contradiction = 34 "contradiction",
        /// It names the thing itself.
        Same = 35 "same",
        /// It has to be lower than it is.
        NotLower = 36 "not_lower",
        /// The caller may not say it.
        Forbidden = 37 "forbidden",
        /// It has no place here.
        NotAllowed = 38 "not_allowed",
        /// It is for customers alone.
        NotForStaff = 39 "not_for_staff",
        /// Fields of this type have none.
        NotForType = 40 "not_for_type",
        /// It belongs to another kind of payload.
        NotForPayload = 41 "not_for_payload",
        /// The person may not see it.
        MayNotSee = 42 "may_not_see",
        /// Somebody who is named may not read it.
        MentionWithoutAccess = 43 "mention_without_access",
        /// It is not the password.
        Wrong = 44 "wrong",
        /// The token is not good, has expired or was used.
        Invalid = 45 "invalid",
        /// It is no cursor of this list.
        InvalidCursor = 46 "invalid_cursor",
        /// It is no template.
        InvalidTemplate = 47 "invalid_template",
        /// The template asks for what there is not.
        UnknownVariable = 48 "unknown_variable",
        /// What the template makes is no JSON.
        NotJson = 49 "not_json",
        /// There is no such operator.
        UnknownOperator = 50 "unknown_operator",
        /// The field can't be asked so.
        OperatorDoesNotFit = 51 "operator_does_not_fit",
        /// It can be asked of a change alone.
        NeedsHistory = 52 "needs_history",
        /// Nobody is called that.
        UnknownRecipient = 53 "unknown_recipient",
        /// It is no domain of mail.
        NotADomain = 54 "not_a_domain",
        /// There is no such action.
        UnknownAction = 55 "unknown_action",
        /// The action takes no such parameter.
        UnknownParam = 56 "unknown_param",
        /// The ticket has no value for what the text asks for.
        MissingVariable = 57 "missing_variable",
    }
}
