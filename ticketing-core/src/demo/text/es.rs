//! What Spanish-speaking customers write, and what they are answered.

use super::{DateStyle, Language, Topic};

pub(super) static SPANISH: Language = Language {
    locale: "es-ES",
    zone: "Europe/Madrid",
    offset: 1,
    share: 10,
    date: DateStyle::Slashed,
    money: ("", " €"),
    cents: Some(","),
    hello: &["Hola:", "Buenos días:", "Hola, equipo de Fjordrad:"],
    bye: &["Un saludo,", "Muchas gracias,", "Saludos cordiales,"],
    dear: &["Hola, %n:", "Buenos días, %n:"],
    regards: &["Un saludo,\n%a, Fjordrad", "Saludos cordiales,\n%a", "Gracias y buen camino,\n%a"],
    context: &[
        "Empezó el %d y desde entonces no he cambiado nada.",
        "Ya he reiniciado el móvil y la bici, y sigue igual.",
        "La uso a diario para ir a trabajar.",
        "Me podéis llamar a partir de las %h.",
        "Es una %p con número de serie %s y firmware %v.",
    ],
    update: &[
        "te cuento cómo va: el taller está con tu caso y espero respuesta antes del %f.",
        "gracias por la paciencia. El equipo técnico ya tiene tus datos, de momento no tienes que hacer nada.",
        "hemos podido reproducirlo aquí con una %p y la versión %v, así que será más rápido.",
    ],
    waiting: &[
        "la pieza está agotada y llegará hacia el %f. Te escribo en cuanto salga.",
        "estamos esperando la respuesta del transportista, suele tardar dos días laborables.",
    ],
    nudge: &[
        "¿Hay alguna novedad?",
        "Perdón por insistir, no sé nada desde el %d.",
        "Necesito la bici para el %f, ¿cuánto puede tardar?",
        "Otra cosa que he visto: solo pasa por la mañana, sobre las %h.",
    ],
    thanks: &[
        "¡Solucionado, muchas gracias!",
        "Perfecto, ya funciona todo. Gracias, %a.",
        "Recibido. Por mí se puede cerrar.",
    ],
    still: &["Me alegré demasiado pronto: ha vuelto a pasar hoy a las %h.", "Por desgracia el problema ha vuelto."],
    topics: [
        Topic {
            subjects: &[
                "No puedo entrar en la aplicación",
                "Cuenta bloqueada",
                "El enlace para la contraseña ha caducado",
            ],
            openings: &[
                "desde ayer por la noche la aplicación dice que mi contraseña es incorrecta, y no lo es.",
                "he cambiado de móvil y me pide un código del antiguo.",
            ],
            details: &["He pedido el enlace tres veces y siempre sale %e."],
            asks: &["¿con qué correo entras, y ves un código como E-123 debajo del mensaje?"],
            answers: &["Con el correo desde el que escribo. Debajo pone %e."],
            fixes: &[
                "he desbloqueado la cuenta y te he enviado un enlace nuevo que vale 24 horas. Solo funciona el último que se pide.",
                "he quitado el segundo factor. Entra con tu contraseña y configúralo de nuevo en Cuenta, Seguridad.",
            ],
        },
        Topic {
            subjects: &[
                "Factura %i incorrecta",
                "Falta el NIF en la factura %i",
                "Importe demasiado alto en la factura %i",
            ],
            openings: &[
                "la factura %i del pedido %o cobra %t más que la confirmación.",
                "contabilidad nos devuelve la factura %i porque falta nuestro NIF.",
            ],
            details: &["Necesitamos la factura corregida antes del %f."],
            asks: &["¿me puedes enviar el NIF y la razón social exacta?"],
            answers: &["La razón social está en mi firma y el NIF en la confirmación de %o."],
            fixes: &[
                "tienes razón, el candado no debía aparecer. La factura %i queda anulada y te devolvemos %t.",
                "la factura %i está emitida de nuevo con vuestro NIF y la tenéis en la cuenta.",
            ],
        },
        Topic {
            subjects: &["¿Dónde está el pedido %o?", "El paquete %r no se mueve", "Retraso en la entrega de %o"],
            openings: &[
                "el pedido %o tenía que llegar el %d y todavía no tengo nada.",
                "el seguimiento de %r no cambia desde el %d.",
            ],
            details: &["Me pedí el día libre para recibirlo."],
            asks: &["¿te va bien una entrega el %f entre las 9 y las 13?"],
            answers: &["Sí, perfecto. Que el conductor llame antes, por favor."],
            fixes: &[
                "la caja se quedó en el almacén en el palé equivocado. Ha salido hoy con el número %r y llega el %f, el envío corre de nuestra cuenta.",
            ],
        },
        Topic {
            subjects: &["La bici aparece sin conexión", "El hub ha perdido %q bicis", "Sin posición desde el %d"],
            openings: &[
                "mi %p aparece sin conexión desde el %d aunque está encendida a mi lado.",
                "el hub de nuestro almacén perdió %q bicis de golpe a las %h.",
            ],
            details: &["La luz del localizador parpadea dos veces en rojo."],
            asks: &["¿puedes mantener el botón doce segundos, esperar un minuto y decirme el color de la luz?"],
            answers: &["Ahora es naranja, pero sigue sin conexión. Número de serie %s."],
            fixes: &[
                "la SIM del localizador estaba suspendida por error. Ya está activa y veo la bici en línea desde las %h.",
                "el hub seguía con el perfil de red antiguo. Ya tiene el nuevo y todas las bicis volvieron en diez minutos.",
            ],
        },
        Topic {
            subjects: &[
                "Pantalla negra tras actualizar a %v",
                "Sin asistencia desde %v",
                "La actualización se para en el 60 %%",
            ],
            openings: &[
                "anoche la actualización a %v se paró en el 60 %% y la pantalla sigue en negro.",
                "desde que pasé de %w a %v el motor no asiste y aparece %e.",
            ],
            details: &["La batería estaba al 80 %% y el móvil justo al lado."],
            asks: &["conecta el cargador y mantén más y menos quince segundos: ¿sale una llave pequeña?"],
            answers: &["Sí, sale la llave y luego %e. El número de serie es %s."],
            fixes: &[
                "es el modo de rescate. He liberado un paquete de reparación para %s: aplicación, Servicio, Reparar firmware, y diez minutos al lado de la bici.",
            ],
        },
        Topic {
            subjects: &["Reembolso del pedido %o", "Cancelar el pedido %o", "Devolución recibida, pero sin dinero"],
            openings: &[
                "devolví las alforjas de %o el %d y los %t no han llegado.",
                "quiero cancelar %o, el cuadro me queda grande.",
            ],
            details: &["Según el seguimiento, vuestro almacén firmó la devolución."],
            asks: &["¿me envías el número del paquete de devolución?"],
            answers: &["Es %r, entregado el %d."],
            fixes: &[
                "la devolución estaba en otro pedido. Ya está corregido, verás %t en tu tarjeta en cinco días laborables.",
                "el pedido %o está cancelado y te devolvemos %t.",
            ],
        },
        Topic {
            subjects: &["Solicitud de acceso según el RGPD", "Eliminar mi cuenta", "¿Qué datos guardáis sobre mí?"],
            openings: &[
                "según el artículo 15 del RGPD pido una copia de todos mis datos, también los trayectos.",
                "he vendido mi %p y quiero que se elimine mi cuenta.",
            ],
            details: &["Confirmad la recepción y el plazo, por favor."],
            asks: &["para asegurarme de que eres tú, ¿puedes confirmar la solicitud en la aplicación, en Privacidad?"],
            answers: &["Confirmado en la aplicación."],
            fixes: &[
                "tu copia está en la aplicación, en Privacidad, durante 14 días.",
                "tu cuenta y tus trayectos se han eliminado hoy. Solo guardamos las facturas el tiempo que exige la ley.",
            ],
        },
        Topic {
            subjects: &["La API responde 429 por la noche", "Límite bajo en /v2/positions"],
            openings: &[
                "la sincronización de nuestras %q bicis recibe HTTP 429 de /v2/positions desde el %d.",
                "en %g llegamos al límite cada día sobre las %h.",
            ],
            details: &["Hacemos unas cuatro llamadas por segundo con una sola clave."],
            asks: &["¿varios servicios usan la misma clave? El límite cuenta por clave."],
            answers: &["Sí, la sincronización y el panel. No lo habíamos pensado."],
            fixes: &[
                "tienes una segunda clave en la Fleet Console. Con la llamada por lotes basta una petición para 100 bicis.",
            ],
        },
        Topic {
            subjects: &["Configurar SSO para %g", "El acceso SAML vuelve al principio"],
            openings: &[
                "queremos que el equipo de %g entre en la Fleet Console con nuestro proveedor de identidad.",
                "desde que activamos SSO, el acceso vuelve al principio sin ningún mensaje.",
            ],
            details: &["Afecta a %q personas que no pueden trabajar."],
            asks: &["¿qué atributo lleva el correo y cuál es la dirección de los metadatos?"],
            answers: &["El atributo se llama mail, los metadatos están en la consola."],
            fixes: &[
                "el SSO está activo para %g. Las personas nuevas reciben el rol de coordinación.",
                "vuestro proveedor firmaba la respuesta, pero no la aserción. Está cambiado para %g y una prueba a las %h ha funcionado.",
            ],
        },
        Topic {
            subjects: &["Idea: exportar los trayectos en GPX", "Sugerencia: modo oscuro"],
            openings: &[
                "me gustaría exportar todos los trayectos en GPX de una vez.",
                "de noche la pantalla brilla demasiado, un modo oscuro ayudaría mucho.",
            ],
            details: &["Por lo demás, encantado con la %p."],
            asks: &["¡gracias por la idea! ¿Lo usarías en el móvil o en el ordenador?"],
            answers: &["En el ordenador, una vez al mes."],
            fixes: &["tu idea está en la lista que el equipo de producto lee cada mes. No puedo prometer fecha."],
        },
        Topic {
            subjects: &[
                "Retirada de baterías: ¿afecta a %s?",
                "La batería se calienta mucho",
                "Carta de retirada recibida",
            ],
            openings: &[
                "he recibido la carta de retirada, ¿está afectada %s?",
                "la batería quema al cargar y me preocupa.",
            ],
            details: &["Mientras tanto está fuera, en el balcón."],
            asks: &["no la cargues, por favor. ¿Qué lote pone en la etiqueta, y está hinchada?"],
            answers: &["Lote B240611, algo hinchada por un lado."],
            fixes: &[
                "tu batería está afectada. Un mensajero trae la nueva el %f y se lleva la vieja en una caja segura.",
            ],
        },
        Topic {
            subjects: &["La aplicación sale en noruego", "Distancias en millas"],
            openings: &[
                "desde la última actualización la aplicación me habla en noruego y mi móvil está en español.",
                "la pantalla muestra millas desde %v.",
            ],
            details: &["Lo cambio y vuelve solo a lo de antes."],
            asks: &["¿qué idioma y qué región tiene el móvil?"],
            answers: &["Español, región Noruega, porque trabajo allí."],
            fixes: &[
                "la aplicación confundía región e idioma. Tu cuenta queda fijada en español, también los correos.",
            ],
        },
        Topic {
            subjects: &["Bici robada, activad la localización", "Me robaron la %p anoche"],
            openings: &[
                "anoche me robaron la %p (%s) del patio. Activad el modo robo cuanto antes.",
                "la bici no está, la aplicación da una posición de las %h y la policía pide algo por escrito.",
            ],
            details: &["La denuncia ya está puesta, número 8841/%q."],
            asks: &["el modo robo está activo. ¿Me envías el número de la denuncia?"],
            answers: &["Está en mi primer mensaje, piden las últimas 24 horas."],
            fixes: &["las posiciones ya están en la comisaría y el motor está bloqueado. Ojalá aparezca pronto."],
        },
        Topic {
            subjects: &["Los frenos chirrían a los 300 km", "Garantía: el freno trasero pierde presión"],
            openings: &[
                "con apenas 300 km el freno delantero de mi %p chirría muchísimo.",
                "el freno trasero pierde presión y por la mañana la maneta llega al puño.",
            ],
            details: &["En la tienda dicen que es desgaste y no estoy de acuerdo."],
            asks: &["¿me envías una foto de las pastillas y el número de pedido?"],
            answers: &["Las fotos van de camino, el pedido es %o."],
            fixes: &["es garantía, sin duda. Las piezas van a tu tienda (%r) y la mano de obra la pagamos nosotros."],
        },
    ],
};
